import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ascii } from '@unlatch/card'
import type { PowerCut, VirtualCard } from '@unlatch/virtual-cards'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../packages/agent/src/adapters/journal/journal.ts'
import type { Journal } from '../../packages/agent/src/tasks/ports.ts'
import { reportOutcomes } from '../../packages/agent/src/tasks/report-outcomes.ts'
import { UnblockWithPuc } from '../../packages/agent/src/tasks/unblock-with-puc.ts'
import { type AgentAt, openSecretsStage, type SecretsStage } from './secrets-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/** A holder unblocks a card with its PUC, unconnected; when the network is back the server learns it, and the PUC is spent. */

let stage: SecretsStage
let holder: AgentAt
let folder: string
let journal: Journal
beforeEach(async () => {
  stage = await openSecretsStage()
  holder = stage.agent('holder-1', false)
  folder = mkdtempSync(join(tmpdir(), 'unlatch-puc-'))
  journal = openJournal(join(folder, 'journal.jsonl'))
})
afterEach(async () => {
  await stage.close()
  rmSync(folder, { recursive: true })
})

const pukOf = (card: VirtualCard) => (card.save() as { puk: { valueHex: string; left: number } }).puk
const letterOf = (card: VirtualCard) => Buffer.from(pukOf(card).valueHex, 'hex').toString()
const recordOf = async (cardId: string) => {
  const { reads } = stage.staged.world.database
  const row = reads.selectFrom('puk_records').selectAll().where('card_id', '=', cardId)
  const { candidates, tries_at_least, exposed_since } = await row.executeTakeFirstOrThrow()
  return { candidates: JSON.parse(candidates), tries: tries_at_least, isExposed: exposed_since !== null }
}
const notices = () => stage.staged.world.database.reads.selectFrom('notices').select('kind').execute()

/** The holder types a PUC and a new PIN; the problem that it ended with. Power may fail at a command after the reading. */
async function unblock(card: VirtualCard, puc = letterOf(card), cut?: PowerCut): Promise<string | undefined> {
  if (holder.reader.card !== card) holder.reader.insert(card)
  const { readers, configuration } = holder.tools
  const tools = { readers, configuration, journal, now: () => stage.staged.clock.now() }
  const attempt = await UnblockWithPuc.begin(tools, holder.reader.name, true)
  try {
    attempt.enterPuc(ascii(puc))
    if (cut) holder.reader.cutPower(cut)
    await attempt.setNewPin(ascii('490712'), true)
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await attempt.end()
    stage.staged.clock.at = new Date(stage.staged.clock.at.getTime() + 60_000)
  }
}

describe.each(['piv-lenient', 'piv-strict', 'yubikey'] as const)('%s', (kind) => {
  it('unblocked, reported, exposed; a station gives it another PUK, and the letter is worth nothing', async () => {
    const { card, cardId } = await stage.issuedPiv(kind)
    const letter = letterOf(card)
    expect(await unblock(card)).toBeUndefined()
    expect(await recordOf(cardId)).toMatchObject({ isExposed: false })
    expect(await reportOutcomes(journal, holder.client)).toBe(1)
    expect(await journal.unreported()).toEqual([])
    expect(await recordOf(cardId)).toMatchObject({ candidates: ['0.1'], tries: 3, isExposed: true })
    expect(await notices()).toEqual([{ kind: 'pin-unblocked' }])
    await expect(holder.contact(card)).rejects.toMatchObject({ code: 'station-only' })
    holder.reader.remove()
    expect(await stage.station.contact(card)).toBe('done')
    stage.station.reader.remove()
    expect(await recordOf(cardId)).toEqual({ candidates: ['0.2'], tries: 3, isExposed: false })
    expect(await unblock(card, letter)).toBe('puc-refused')
    // The holder's next letter, and the next call, are of the new one.
    expect(await unblock(card)).toBeUndefined()
    expect((await stage.call(holder, { card, cardId })).problem).toBeUndefined()
  })
})

it.each(['piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const)(
  'a %s is torn at each command, before and after: it is reported, and the next PUC works',
  async (kind) => {
    for (const moment of ['before', 'after'] as const) {
      let cells = 0
      for (let afterCommands = 0; ; afterCommands++) {
        const { card, cardId } = await stage.issuedPiv(kind)
        const end = await unblock(card, letterOf(card), { afterCommands, moment })
        if (end === undefined) break
        expect(end).toBe('outcome-unknown')
        await reportOutcomes(journal, holder.client)
        expect((await recordOf(cardId)).tries).toBeLessThanOrEqual(pukOf(card).left)
        holder.reader.remove()
        await stage.station.contact(card)
        stage.station.reader.remove()
        expect([afterCommands, moment, await unblock(card)]).toEqual([afterCommands, moment, undefined])
        holder.reader.remove()
        cells++
      }
      expect(cells).toBeGreaterThanOrEqual(2)
      recordCells({ procedure: 'puc', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
    }
  },
)

describe('what the server is told', () => {
  it('a PUC that was refused: the tries that the card said; no candidate is lost, and the next call works', async () => {
    const { card, cardId } = await stage.issuedPiv()
    expect(await unblock(card, '11223344')).toBe('puc-refused')
    await reportOutcomes(journal, holder.client)
    expect(await recordOf(cardId)).toEqual({ candidates: ['0.1'], tries: 2, isExposed: true })
    expect(await notices()).toEqual([])
    expect((await stage.call(holder, { card, cardId })).problem).toBeUndefined()
  })

  // GET METADATA of the PUK, RESET RETRY COUNTER, VERIFY.
  it.each([
    [0, 'before', 'outcome-unknown', 3, false],
    [0, 'after', 'outcome-unknown', 3, false],
    [1, 'before', 'outcome-unknown', 2, true],
    [1, 'after', 'outcome-unknown', 2, true],
    [2, 'before', 'outcome-unknown', 3, true],
    [2, 'after', 'outcome-unknown', 3, true],
  ] as const)(
    'power lost after %i commands, %s the next: %s, %i tries',
    async (afterCommands, moment, end, tries, isExposed) => {
      const { card, cardId } = await stage.issuedPiv()
      expect(await unblock(card, letterOf(card), { afterCommands, moment })).toBe(end)
      await reportOutcomes(journal, holder.client)
      expect(await recordOf(cardId)).toEqual({ candidates: ['0.1'], tries, isExposed })
      holder.reader.remove()
      expect(await stage.station.contact(card)).toBe(isExposed ? 'done' : 'not-needed')
      stage.station.reader.remove()
      expect(await recordOf(cardId)).toMatchObject({ tries: 3, isExposed: false })
      expect(await unblock(card)).toBeUndefined()
    },
  )

  it('an answer that was lost: the line comes again, and changes nothing', async () => {
    const { card, cardId } = await stage.issuedPiv()
    await unblock(card, '11223344')
    const [line] = await journal.unreported()
    if (!line || 'challenge' in line) throw new Error('no line of a PUC')
    await holder.client.reportPuc(line)
    const before = await recordOf(cardId)
    expect(await reportOutcomes(journal, holder.client)).toBe(1)
    expect(await recordOf(cardId)).toEqual(before)
  })

  it('a card of nobody here: said once, and not kept for ever', async () => {
    const { card } = await stage.issuedPiv()
    const other = await openSecretsStage()
    try {
      await unblock(card)
      expect(await reportOutcomes(journal, other.agent('elsewhere', false).client)).toBe(0)
      expect(await journal.unreported()).toEqual([])
    } finally {
      await other.close()
    }
  })
})
