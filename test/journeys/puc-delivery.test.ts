import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVirtualCard, type VirtualCardState } from '@unlatch/virtual-cards'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import { type MailServer, smtpOf, startMailServer } from '../../packages/unlatch/src/demo/mail-server.ts'
import { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { addDemoOperator, blockPin, issue, openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { mailedBy } from '../../packages/unlatch/src/demo/templates.ts'
import { needs } from '../peers/needs.ts'
import { startPcscd } from '../peers/pcscd.ts'
import { runProgram } from '../peers/run-program.ts'

/** A PUC reaches its holder when issuance completes, through a real mail server, and opens the card in another maker's tool. */

let folder: string
let stage: Stage
let mail: MailServer
let operator: OperatorClient
let templateId: string

let count = 0
const person = (email: string) => {
  const rest = { department: '', email, phone: '', manager: '' }
  return stage.server.addPerson({ name: `Åsa Öberg ${++count}`, userName: `asa-${count}`, ...rest })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-puc-'))
  mail = await startMailServer({ refuses: ['gone@example.org'] })
  stage = await openStage(folder)
  await addDemoOperator(stage)
  operator = new OperatorClient(stage.server.url)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  const connection = { kind: 'smtp' as const, name: 'Mail', smtp: smtpOf(mail), secret: mail.user.password }
  const { id } = await operator.addConnection(connection)
  await operator.testConnection(id, 'administrator@example.org')
  templateId = (await operator.addTemplate({ name: 'Staff', document: mailedBy(id) })).id
})
afterAll(async () => {
  await stage?.close()
  await mail?.close()
  rmSync(folder, { recursive: true, force: true })
})

const wishOf = (printedSerial: string) =>
  ({ kind: 'yubikey', label: 'Staff card', printedSerial, isBlocked: true }) as const

/** The words of the first mail to an address. */
const mailFor = (address: string) =>
  vi.waitFor(
    async () => {
      const found = mail.mails.find(({ to }) => to.includes(address))
      if (!found) throw new Error(`no mail for ${address}`)
      return (await PostalMime.parse(found.text)).text ?? ''
    },
    { timeout: 20_000, interval: 50 },
  )

const pucFor = async (address: string) =>
  /^ {4}(\d{4}) (\d{4})$/m
    .exec(await mailFor(address))
    ?.slice(1)
    .join('') ?? ''

describe('a PUC by mail', () => {
  test('a connection says what is wrong with it, and a template cannot be used before its test', async () => {
    const said = async (changes: object, secret = mail.user.password) => {
      const smtp = { ...smtpOf(mail), ...changes }
      const { id } = await operator.addConnection({ kind: 'smtp', name: 'Other', smtp, secret })
      return operator.testConnection(id, 'administrator@example.org').catch(({ code }) => code)
    }
    expect(await said({}, 'wrong')).toBe('delivery-sign-in')
    expect(await said({ authority: '' })).toBe('delivery-insecure')
    expect(await said({ port: 1 })).toBe('delivery-unreachable')
    const { id } = await operator.addConnection({ kind: 'smtp', name: 'Untested', smtp: smtpOf(mail) })
    const untested = await operator.addTemplate({ name: 'Untested', document: mailedBy(id) })
    const { id: personId } = await person('nobody@example.org')
    await expect(
      issue(stage, createVirtualCard('yubikey'), wishOf('U-1'), personId, untested.id),
    ).rejects.toMatchObject({ code: 'template-not-usable' })
    expect(await mailFor('administrator@example.org')).toContain('This is a test.')
  })

  test('is not sent when issuance is torn, and sent when it ends', async () => {
    const { id } = await person('torn@example.org')
    const card = createVirtualCard('yubikey')
    stage.reader.cutPower({ afterCommands: 8, moment: 'after' })
    await expect(issue(stage, card, wishOf('T-1'), id, templateId)).rejects.toThrow()
    const { people } = await operator.findPeople('T-1')
    const cardId = people[0]?.cards[0]?.id ?? ''
    expect((await operator.deliveries(cardId)).deliveries).toEqual([])
  })

  test('a mailbox that does not exist is told at the card, with what the server said', async () => {
    const { id } = await person('gone@example.org')
    const cardId = await issue(stage, createVirtualCard('yubikey'), wishOf('G-1'), id, templateId)
    await vi.waitFor(
      async () => {
        const { deliveries } = await operator.deliveries(cardId)
        expect(deliveries).toMatchObject([{ state: 'failed', problem: { code: 'delivery-refused' } }])
        expect(deliveries[0]?.problem?.detail).toContain('no such mailbox')
      },
      { timeout: 20_000, interval: 200 },
    )
  })

  needs('pcscd', 'yubico-piv-tool')('in another maker’s tool', () => {
    test('yubico-piv-tool unblocks the card with the PUC that came', async () => {
      const { id } = await person('asa@example.org')
      const card = createVirtualCard('yubikey')
      const cardId = await issue(stage, card, wishOf('A-1'), id, templateId)
      const puc = await pucFor('asa@example.org')
      expect(puc).toMatch(/^\d{8}$/)
      await vi.waitFor(async () =>
        expect((await operator.deliveries(cardId)).deliveries).toMatchObject([{ state: 'delivered', attempts: 1 }]),
      )
      blockPin(card)
      const pcscd = await startPcscd()
      try {
        await pcscd.insert(0, card.save())
        const run = (...args: string[]) =>
          runProgram('yubico-piv-tool', ['-r', pcscd.readerName(0), ...args], { env: pcscd.env })
        expect((await run('-a', 'verify-pin', '-P', '490712')).code).not.toBe(0)
        expect(await run('-a', 'unblock-pin', '-P', puc, '-N', '490712')).toMatchObject({ code: 0 })
        expect(await run('-a', 'verify-pin', '-P', '490712')).toMatchObject({ code: 0 })
        expect(await pcscd.save<VirtualCardState>(0)).toBeTruthy()
      } finally {
        await pcscd.stop()
      }
    })
  })
})
