import { ascii, readHex } from '@unlatch/card'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliverDue } from '../../jobs/deliver.ts'
import { type Carriers, DeliveryError, type Message, type OpenConnection } from '../../ports/delivery.ts'
import { SYSTEM } from '../../records/actors.ts'
import { readPukRecord } from '../../records/puk-records/puk-records.ts'
import { stageDelivery, stageTemplate } from '../delivery.fixture.ts'
import { perform } from '../operation.ts'
import { verifyHolder } from '../verified.fixture.ts'
import { STAGED_PASSWORD, type StagedWorld, stageWorld } from '../world.fixture.ts'
import { beginDelivery, endDelivery } from './carry-out.ts'
import { retryDelivery } from './retry-delivery.ts'
import { revealPuc } from './reveal-puc.ts'

/** The outbox of PUCs: at least once, under one id, never two different PUCs; and who else may know one. */

let stage: StagedWorld
let sent: { connection: OpenConnection; message: Message }[]
let answer: () => Promise<void>
let carriers: Carriers

beforeEach(async () => {
  stage = await stageWorld()
  sent = []
  answer = async () => {}
  const carrier = {
    async send(connection: OpenConnection, message: Message) {
      sent.push({ connection, message })
      await answer()
    },
  }
  carriers = { smtp: carrier, letter: carrier, file: carrier, webhook: carrier }
})
afterEach(() => stage.close())

const SENDER = { organisation: 'Example', helpDeskPhone: '+46 8 1', language: 'en' } as const
const deliver = () => deliverDue(stage.world, carriers, SENDER)
const pass = (minutes: number) => {
  stage.clock.at = new Date(stage.clock.at.getTime() + minutes * 60_000)
}
const rows = () => stage.database.reads.selectFrom('deliveries').selectAll().orderBy('created_at').execute()
const pucIn = ({ text }: Message) => /\b(\d{4}) (\d{4})\b/.exec(text)?.slice(1).join('') ?? ''
const recordOf = async (cardId: string) =>
  readPukRecord(
    await stage.database.reads
      .selectFrom('puk_records')
      .selectAll()
      .where('card_id', '=', cardId)
      .executeTakeFirstOrThrow(),
  )

async function staged(changes = {}) {
  const { templateId } = await stageTemplate(stage, changes)
  const personId = await stage.person('Pia Person')
  return { personId, templateId, card: await stageDelivery(stage, personId, templateId) }
}

describe('a PUC that is delivered', () => {
  it('reaches its holder once, with the secret of the connection, and is in no row and no record', async () => {
    const { card } = await staged()
    await deliver()
    await deliver()
    expect(sent).toHaveLength(1)
    const [{ connection, message } = { connection: undefined, message: undefined }] = sent
    expect(connection?.secret).toBe('mail-password')
    expect(message).toMatchObject({ to: { name: 'Pia Person', email: 'e@example.org' } })
    expect(message?.text).toContain(card.printedSerial)
    const puc = pucIn(message as Message)
    expect(puc).toMatch(/^\d{8}$/)
    expect(await rows()).toMatchObject([{ id: message?.id, state: 'delivered', attempts: 1, next_at: null }])
    const everything = JSON.stringify([await rows(), await stage.audit()])
    for (const secret of [puc, 'mail-password']) expect(everything).not.toContain(secret)
  })

  it('is written in the language of its holder, else in that of the organisation', async () => {
    const { personId } = await staged()
    await stage.database.transaction((tx) =>
      tx.updateTable('people').set({ language: 'de' }).where('id', '=', personId).execute(),
    )
    await deliver()
    await staged()
    await deliverDue(stage.world, carriers, { ...SENDER, language: 'de' })
    await staged()
    await deliver()
    const languages = sent.map(({ message }) => [message.language, message.subject])
    const german = ['de', 'Die PUC Ihrer Smartcard']
    expect(languages).toEqual([german, german, ['en', 'The PUC of your smart card']])
  })

  it('is tried again with more and more time between, the same under the same id, and given up in the end', async () => {
    await staged()
    answer = () => Promise.reject(new DeliveryError('delivery-unreachable', 'ECONNREFUSED'))
    for (let i = 0; i < 40; i++) {
      await deliver()
      pass(6 * 60)
    }
    expect(sent.length).toBe(9)
    expect(new Set(sent.map(({ message }) => `${message.id}/${pucIn(message)}`)).size).toBe(1)
    expect(await rows()).toMatchObject([{ state: 'failed', problem: 'delivery-unreachable', detail: 'ECONNREFUSED' }])
  })

  it('an hour without a mail server loses nothing', async () => {
    await staged()
    answer = () => Promise.reject(new DeliveryError('delivery-unreachable', 'down'))
    for (let minute = 0; minute < 60; minute++) {
      await deliver()
      pass(1)
    }
    expect(await rows()).toMatchObject([{ state: 'queued' }])
    answer = async () => {}
    pass(60)
    await deliver()
    expect(await rows()).toMatchObject([{ state: 'delivered', problem: null }])
  })

  it('a mailbox that does not exist is tried no more, and Send again sends the same PUC', async () => {
    const { card } = await staged()
    answer = () => Promise.reject(new DeliveryError('delivery-refused', '550 no such mailbox', { isFinal: true }))
    await deliver()
    const [row] = await rows()
    expect(row).toMatchObject({ state: 'failed', detail: '550 no such mailbox' })
    answer = async () => {}
    const operator = await stage.operator(['puc:deliver'])
    await perform(retryDelivery, stage.world, { deliveryId: row?.id }, operator)
    await deliver()
    expect(sent.map(({ message }) => message.id)).toEqual([row?.id, row?.id])
    expect(pucIn(sent[0]?.message as Message)).toBe(pucIn(sent[1]?.message as Message))
    expect(await rows()).toMatchObject([{ state: 'delivered', card_id: card.id }])
  })

  it('letters that are collected leave together with the hour, and fail or arrive together', async () => {
    pass(7)
    const { connectionId, templateId } = await stageTemplate(stage)
    const letter = { folder: 'letters', envelope: 'window', sender: '', isCollected: true }
    await stage.database.transaction((tx) =>
      tx
        .updateTable('connections')
        .set({ settings: JSON.stringify({ kind: 'letter', letter }) })
        .where('id', '=', connectionId)
        .execute(),
    )
    for (const name of ['Pia Person', 'Ola Other']) await stageDelivery(stage, await stage.person(name), templateId)
    const together: string[][] = []
    const sendTogether = async (_: OpenConnection, messages: readonly Message[]) => {
      together.push(messages.map(({ to }) => to.name).sort())
      await answer()
    }
    carriers = { ...carriers, letter: { ...carriers.letter, sendTogether } }
    await deliver()
    expect(together).toEqual([])
    answer = () => Promise.reject(new DeliveryError('delivery-unreachable', 'the folder is full'))
    pass(60)
    await deliver()
    answer = async () => {}
    pass(60)
    await deliver()
    expect([together, sent]).toEqual([Array(2).fill(['Ola Other', 'Pia Person']), []])
    expect(await rows()).toMatchObject(Array(2).fill({ state: 'delivered', attempts: 2 }))
  })

  it('tells the form for Windows where the card’s template says so, and nowhere else', async () => {
    await staged({ tellsWindowsForm: true })
    await deliver()
    const [{ message } = { message: undefined }] = sent
    expect(message?.text).toContain(`the response: ${message?.puc.replace(/./g, '3$&')}`)
  })

  it('a server that dies while it sends makes the attempt again, after its time', async () => {
    await staged()
    const [row] = await rows()
    const deliveryId = row?.id ?? ''
    const lost = await perform(beginDelivery, stage.world, { deliveryId }, SYSTEM)
    await deliver()
    expect(sent).toEqual([])
    pass(3)
    await deliver()
    expect(sent.map(({ message }) => message.id)).toEqual([deliveryId])
    expect(pucIn(sent[0]?.message as Message)).toBe(lost?.puc)
    // The first attempt wakes up and says that it failed: that is no news.
    const late = { deliveryId, number: lost?.number ?? 0, problem: 'delivery-refused', detail: '', isFinal: true }
    await perform(endDelivery, stage.world, late, SYSTEM)
    expect(await rows()).toMatchObject([{ state: 'delivered', attempts: 2 }])
  })

  it('two servers on one database make one attempt', async () => {
    await staged()
    await Promise.all([deliver(), deliver(), deliver()])
    expect(sent).toHaveLength(1)
  })

  it('is not sent once the card has another PUC, another holder, or is suspended', async () => {
    for (const change of [
      { table: 'puk_records', values: { candidates: JSON.stringify(['0.2']) } },
      { table: 'cards', values: { state: 'suspended' } },
    ] as const) {
      const { card } = await staged()
      const by = change.table === 'cards' ? 'id' : 'card_id'
      await stage.database.transaction((tx) =>
        tx
          .updateTable(change.table as 'cards')
          .set(change.values as { state: string })
          .where(by as 'id', '=', card.id)
          .execute(),
      )
      await deliver()
    }
    expect(sent).toEqual([])
    expect(await rows()).toMatchObject([{ state: 'void' }, { state: 'void' }])
  })

  it('a batch beyond the ceiling of the key service waits for the next hour, and callers are not held up by it', async () => {
    await stage.close()
    stage = await stageWorld({ releasesPerHour: 1 })
    const { templateId, personId } = await staged()
    await stageDelivery(stage, personId, templateId)
    expect(await deliver()).toBe(60_000)
    expect(sent).toHaveLength(1)
    const card = { cardUuid: readHex('00'.repeat(16)), cipher: '3des', generation: { epoch: 0, counter: 1 } } as const
    const { cardUuid } = card
    const ticket = { id: 't', cardUuid, ways: ['in-person'], notAfter: '2999-01-01T00:00:00.000Z' }
    const permit = { unblockId: 'u', recordId: 'r', cardUuid, ticket }
    expect(await stage.world.keys.answerAdminChallenge(permit, card, new Uint8Array(8))).toHaveLength(8)
    pass(61)
    expect(await deliver()).toBe(1000)
    expect(await rows()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])
  })

  it('says that there is no address, or no connection any more', async () => {
    const { personId } = await staged()
    await stage.database.transaction((tx) =>
      tx.updateTable('people').set({ email: '' }).where('id', '=', personId).execute(),
    )
    await deliver()
    expect(await rows()).toMatchObject([{ state: 'failed', problem: 'delivery-no-address' }])
    expect(sent).toEqual([])
  })
})

describe('reading a PUC', () => {
  const wish = { reason: 'the letter was lost', password: STAGED_PASSWORD }
  /** Somebody who may read it, and has verified its holder. */
  const reader = async (cardId: string) => {
    const operator = await stage.operator(['puc:read', 'unblock:release'])
    await verifyHolder(stage.world, cardId, operator)
    return operator
  }

  it('takes a permission of its own, a reason and the password; is on record; exposes it; tells the holder', async () => {
    const { card } = await staged()
    await deliver()
    const operator = await reader(card.id)
    const { puc, showSeconds } = await perform(revealPuc, stage.world, { cardId: card.id, ...wish }, operator)
    expect([puc, showSeconds]).toEqual([pucIn(sent[0]?.message as Message), 60])
    expect(ascii(puc)).toHaveLength(8)
    expect(await recordOf(card.id)).toMatchObject({ exposedTo: operator.id })
    const record = (await stage.audit()).at(-1)
    expect(record).toMatchObject({ operation: 'puc.reveal', event: { reason: 'the letter was lost' } })
    expect(JSON.stringify(record)).not.toContain(puc)
    const notices = await stage.database.reads.selectFrom('notices').select('kind').execute()
    expect(notices).toEqual([{ kind: 'puc-read' }])
  })

  it('is read five times a day and no more', async () => {
    const { card } = await staged()
    const operator = await reader(card.id)
    const read = async () => {
      await verifyHolder(stage.world, card.id, operator)
      return perform(revealPuc, stage.world, { cardId: card.id, ...wish }, operator)
    }
    for (let i = 0; i < 5; i++) await read()
    await expect(read()).rejects.toMatchObject({ code: 'puc-limit-card', facts: { limit: 5 } })
    pass(24 * 60 + 1)
    await read()
  })

  it('is refused with a wrong password, and from a card whose template keeps none', async () => {
    const { card } = await staged()
    const operator = await reader(card.id)
    const wrong = { cardId: card.id, ...wish, password: 'wrong' }
    await expect(perform(revealPuc, stage.world, wrong, operator)).rejects.toMatchObject({ code: 'password-wrong' })
    expect(await recordOf(card.id)).toMatchObject({ exposedSince: null })
    const none = await stage.pivCard(await stage.person())
    await verifyHolder(stage.world, none.id, operator)
    await expect(perform(revealPuc, stage.world, { cardId: none.id, ...wish }, operator)).rejects.toMatchObject({
      code: 'puc-not-kept',
    })
  })
})
