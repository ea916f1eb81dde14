import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ascii } from '@unlatch/card'
import { VIRTUAL_CARD_KINDS } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { NEW_PIN } from './played-call.ts'
import { EVA_PASSWORD, openSelfServiceStage, type SelfServiceStage } from './self-service-stage.fixture.ts'

/** A cardholder alone, with her card in her own computer: over real HTTP, against a real directory. */

const OLD_PIN = '123456'
/** Digits that stand nowhere else. */
const CANARY_PIN = '83017264'

needs('slapd')('self-service, by the password of her account', () => {
  let eva: SelfServiceStage
  beforeAll(async () => {
    eva = await openSelfServiceStage()
  })
  afterAll(() => eva?.close())

  it('leaves no PIN, password or code in a file of server or agent, nor on record', async () => {
    const card = await eva.issueBlocked('yubikey', { demand: { count: 2, ways: ['domain', 'unblock-code'] } })
    const { people } = await eva.operator.findPeople('Eva')
    const cardId = people[0]?.cards.find(({ label }) => label === 'yubikey card')?.id ?? ''
    await eva.operator.verifyInPerson(cardId, 'telephone')
    const [code = ''] = (await eva.operator.giveUnblockCodes(cardId, 'sheet')).codes
    const wrong = 'canary in the coal mine'
    const attempt = await eva.begin(card)
    await expect(attempt.answer('domain', ascii(wrong))).rejects.toMatchObject({ code: 'logon-wrong' })
    await attempt.answer('domain', ascii(EVA_PASSWORD))
    await attempt.answer('unblock-code', ascii(code))
    await attempt.setNewPin(ascii(CANARY_PIN), false)
    await eva.contact()
    expect(verifies(card, CANARY_PIN)).toBe(true)
    const files = readdirSync(eva.folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const written = files.map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    expect(written.length).toBeGreaterThan(5)
    for (const secret of [wrong, EVA_PASSWORD, code, CANARY_PIN]) {
      const octets = Buffer.from(secret)
      const hex = octets.toString('hex')
      const forms = [
        octets,
        Buffer.from(secret, 'utf16le'),
        ...[hex, hex.toUpperCase(), octets.toString('base64')].map((text) => Buffer.from(text)),
      ]
      expect(forms.filter((form) => written.some((file) => file.includes(form)))).toEqual([])
    }
  })

  for (const kind of VIRTUAL_CARD_KINDS) {
    it(`unblocks a ${kind}: the new PIN verifies, it is on record, and the PUK is exchanged in the same visit`, async () => {
      const card = await eva.issueBlocked(kind)
      await eva.unblock(card)
      expect(verifies(card, NEW_PIN)).toBe(true)
      expect(verifies(card, OLD_PIN)).toBe(false)
      const end = await eva.contact().catch((error: { code: string }) => error.code)
      expect(end).toBe(kind === 'gids' ? 'station-only' : 'exchanged')
    })
  }
})
