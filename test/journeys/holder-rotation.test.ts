import { contactCard } from '@unlatch/agent'
import { readHex, writeHex } from '@unlatch/card'
import type { VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { approveTry } from '../../packages/server/src/operations/rotate/approve-try.ts'
import { type AgentAt, openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/** The computer that unblocked a card knows its PUK: it may exchange it, and may lie about that. Every other one only reports. */

let stage: SecretsStage
let holder: AgentAt
beforeEach(async () => {
  stage = await openSecretsStage({
    releasesPerCardAndDay: 100,
    releasesPerPersonAndDay: 100,
    outstandingPerOperator: 100,
  })
  holder = stage.agent('holder-1', false)
})
afterEach(() => stage.close())

const approve = (cardId: string) => perform(approveTry, stage.staged.world, { cardId }, stage.operator)

const pukOf = (card: VirtualCard) => (card.save() as { puk: { valueHex: string; left: number } }).puk
const recordOf = async (cardId: string) => {
  const { reads } = stage.staged.world.database
  const row = reads.selectFrom('puk_records').selectAll().where('card_id', '=', cardId)
  const { candidates, tries_at_least, exposed_since } = await row.executeTakeFirstOrThrow()
  return { candidates: JSON.parse(candidates), tries: tries_at_least, isExposed: exposed_since !== null }
}

describe('after its own unblock, reported with its receipt', () => {
  it('the holder’s agent exchanges the PUK; it stays exposed until a station does it once more', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(holder, issued)
    const before = pukOf(issued.card).valueHex
    expect(await holder.contact(issued.card)).toBe('exchanged')
    expect(pukOf(issued.card).valueHex).not.toBe(before)
    expect(await recordOf(issued.cardId)).toEqual({ candidates: ['0.2', '0.1'], tries: 3, isExposed: true })
    await expect(holder.contact(issued.card)).rejects.toMatchObject({ code: 'station-only' })
    expect((await stage.call(holder, issued)).problem).toBeUndefined()
    expect(await stage.station.contact(issued.card)).toBe('done')
    expect(await recordOf(issued.cardId)).toEqual({ candidates: ['0.3'], tries: 3, isExposed: false })
  })

  it('no other agent is given a command, nor this one before its report, or without the receipt', async () => {
    const issued = await stage.issuedPiv()
    const { report } = await stage.call(holder, issued, { isReported: false })
    const { reads } = stage.staged.world.database
    await expect(holder.contact(issued.card)).rejects.toMatchObject({ code: 'station-only' })
    if (!report) throw new Error('nothing to report')
    await expect(holder.client.report({ ...report, receipt: '0000' })).rejects.toMatchObject({
      code: 'receipt-mismatch',
    })
    await expect(holder.contact(issued.card)).rejects.toMatchObject({ code: 'station-only' })
    await holder.client.report(report)
    // Whoever sends the same report afterwards did not do the unblock.
    const other = stage.agent('holder-2', false)
    await other.client.report(report)
    await expect(other.contact(issued.card)).rejects.toMatchObject({ code: 'station-only' })
    expect(await reads.selectFrom('releases').select('reported_by').execute()).toEqual([{ reported_by: 'holder-1' }])
    expect(await stage.staged.world.keys.journalled()).toMatchObject([{ generation: { counter: 1 } }, {}])
    expect(await holder.contact(issued.card)).toBe('exchanged')
  })

  it('also where the operator typed the receipt before the report came', async () => {
    const issued = await stage.issuedPiv()
    const { report } = await stage.call(holder, issued, { isReported: false, isConfirmed: true })
    if (!report) throw new Error('nothing to report')
    await holder.client.report(report)
    expect(await holder.contact(issued.card)).toBe('exchanged')
  })

  it('not once another cryptogram was given for the card', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(holder, issued)
    await stage.call(stage.agent('holder-2', false), issued, { isUsed: false })
    await expect(holder.contact(issued.card)).rejects.toMatchObject({ code: 'station-only' })
  })

  it.each(['piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const)(
    'a %s is torn at each command, before and after: a station takes it up',
    async (kind) => {
      for (const moment of ['before', 'after'] as const) {
        let cells = 0
        for (let afterCommands = 0; ; afterCommands++) {
          const issued = await stage.issuedPiv(kind)
          await stage.call(holder, issued)
          holder.reader.insert(issued.card)
          holder.reader.cutPower({ afterCommands, moment })
          const how = await holder.contact(issued.card).catch((error) => error.code)
          if (how === 'exchanged') break
          expect(how).toBe('outcome-unknown')
          holder.reader.remove()
          stage.staged.clock.at = new Date(stage.staged.clock.at.getTime() + 60 * 60_000)
          expect([afterCommands, moment, await stage.station.contact(issued.card)]).toEqual([
            afterCommands,
            moment,
            'done',
          ])
          expect((await recordOf(issued.cardId)).tries).toBeLessThanOrEqual(pukOf(issued.card).left)
          cells++
        }
        expect(cells).toBeGreaterThan(5)
        const done = { procedure: 'holder-contact', card: kind, event: 'power cut' } as const
        recordCells({ ...done, moment, cells, where: EACH_COMMAND })
      }
    },
  )
})

describe('a lie', () => {
  /** An agent that runs the rehearsal and answers `9000` to the exchange without sending it. */
  async function lie(card: VirtualCard, answerHex: string): Promise<string | null> {
    holder.reader.insert(card)
    const server = {
      ...holder.client,
      rotatePuk: (answer: Parameters<typeof holder.client.rotatePuk>[0]) =>
        holder.client.rotatePuk(answer.answer === undefined ? answer : { ...answer, answer: answerHex }),
    }
    const readers = {
      ...holder.tools.readers,
      connect: async (name: string) => {
        const connection = await holder.tools.readers.connect(name)
        return Object.assign(Object.create(connection), {
          transmit: async (command: Uint8Array) =>
            writeHex(command).startsWith('00240081') ? readHex('9000') : connection.transmit(command),
          reset: () => connection.reset(),
          disconnect: () => connection.disconnect(),
          whenEnded: connection.whenEnded,
        })
      },
    }
    return contactCard({ ...holder.tools, server, readers: readers as never }, holder.reader.name)
  }

  it('9000 without doing it: the next calls still save the card', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(holder, issued)
    const before = pukOf(issued.card)
    expect(await lie(issued.card, '9000')).toBe('exchanged')
    expect(pukOf(issued.card)).toEqual(before)
    expect(await recordOf(issued.cardId)).toMatchObject({ candidates: ['0.2', '0.1'], isExposed: true })
    const first = await stage.call(holder, issued)
    expect(first.problem).toBe('puk-refused')
    expect(await recordOf(issued.cardId)).toMatchObject({ candidates: ['0.1'], tries: 2 })
    expect((await stage.call(holder, issued)).problem).toBeUndefined()
    expect(await stage.station.contact(issued.card)).toBe('done')
    expect(pukOf(issued.card).left).toBe(3)
  })

  it('6983 without doing it: a station still exchanges it, with the holder’s consent', async () => {
    const issued = await stage.issuedPiv()
    await stage.call(holder, issued)
    expect(await lie(issued.card, '6983')).toBe('not-possible')
    expect(await recordOf(issued.cardId)).toMatchObject({ candidates: ['0.1', '0.2'], tries: 1 })
    expect(await stage.station.contact(issued.card)).toBe('consent-needed')
    await approve(issued.cardId)
    expect(await stage.station.contact(issued.card, true)).toBe('done')
  })
})

describe('at a station, with consent', () => {
  it('a card whose PUK was refused is tried with it once more where tries are left', async () => {
    const issued = await stage.issuedPiv()
    // On record: refused. In truth it never reached the card.
    await stage.call(holder, issued, { isUsed: false })
    const { database } = stage.staged.world
    const refusedOnce = { candidates: '[]', refused: '["0.1"]', tries_at_least: 2 }
    await database.transaction((tx) => tx.updateTable('puk_records').set(refusedOnce).execute())
    expect(await stage.station.contact(issued.card)).toBe('consent-needed')
    await expect(stage.station.contact(issued.card, true)).rejects.toMatchObject({ code: 'try-not-approved' })
    expect(pukOf(issued.card).left).toBe(3)
    await approve(issued.cardId)
    expect(await stage.station.contact(issued.card, true)).toBe('done')
    expect(await recordOf(issued.cardId)).toEqual({ candidates: ['0.2'], tries: 3, isExposed: false })
    expect((await stage.staged.audit()).some(({ event }) => event.hasConsent === true && event.what === 'probe')).toBe(
      true,
    )
  })

  it('an approval is for one try of one card, and for a quarter of an hour', async () => {
    const [issued, other] = [await stage.issuedPiv(), await stage.issuedPiv()]
    const wrong = { candidates: '[]', refused: '["0.7","0.8","0.9"]', tries_at_least: 3 }
    await stage.staged.world.database.transaction((tx) => tx.updateTable('puk_records').set(wrong).execute())
    await approve(other.cardId)
    const refused = { code: 'try-not-approved' }
    await expect(stage.station.contact(issued.card, true)).rejects.toMatchObject(refused)
    await approve(issued.cardId)
    stage.staged.clock.at = new Date(stage.staged.clock.at.getTime() + 15 * 60_000)
    await expect(stage.station.contact(issued.card, true)).rejects.toMatchObject(refused)
    expect(pukOf(issued.card).left).toBe(3)
    await approve(issued.cardId)
    expect(await stage.station.contact(issued.card, true)).toBe('consent-needed')
    await expect(stage.station.contact(issued.card, true)).rejects.toMatchObject(refused)
    expect(pukOf(issued.card).left).toBe(2)
  })

  it('one consent spends one try', async () => {
    const issued = await stage.issuedPiv()
    const wrong = { candidates: '[]', refused: '["0.7","0.8"]', tries_at_least: 2 }
    await stage.staged.world.database.transaction((tx) => tx.updateTable('puk_records').set(wrong).execute())
    await approve(issued.cardId)
    expect(await stage.station.contact(issued.card, true)).toBe('consent-needed')
    expect(pukOf(issued.card).left).toBe(2)
    await approve(issued.cardId)
    expect(await stage.station.contact(issued.card, true)).toBe('not-possible')
    expect(pukOf(issued.card).left).toBe(1)
  })
})
