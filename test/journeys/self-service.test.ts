import { VIRTUAL_CARD_KINDS } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { NEW_PIN } from './played-call.ts'
import { openSelfServiceStage, type SelfServiceStage } from './self-service-stage.fixture.ts'

/** A cardholder alone, with her card in her own computer: over real HTTP, against a real directory. */

const OLD_PIN = '123456'

needs('slapd')('self-service, by the password of her account', () => {
  let eva: SelfServiceStage
  beforeAll(async () => {
    eva = await openSelfServiceStage()
  })
  afterAll(() => eva?.close())

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
