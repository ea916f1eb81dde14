import { ascii, readHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { unmaskPuk, writeNativeChallenge, writeReceipt } from '@unlatch/card/unblock'
import type { ProblemCode } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { readCardSummaries } from '../../records/cards/summaries.ts'
import { findPukRecord } from '../../records/puk-records/puk-records.ts'
import { stageDelivery, stageTemplate } from '../delivery.fixture.ts'
import { perform } from '../operation.ts'
import { releaseSigned, signRelease } from '../signed-release.fixture.ts'
import { type StagedPivCard, type StagedWorld, stageWorld } from '../world.fixture.ts'
import { checkChallenge } from './check-challenge.ts'
import { confirmUnblock } from './confirm.ts'
import { openUnblock } from './open-unblock.ts'
import { releaseCryptogram } from './release-cryptogram.ts'
import { reportUnblock } from './report.ts'

const AGENT: Actor = {
  kind: 'agent',
  id: 'a',
  name: 'agent',
  userName: '',
  permissions: new Set(['agent:report']),
  sessionId: '',
}

let stage: StagedWorld
let olivia: Actor
let personId: string
let card: StagedPivCard

beforeEach(async () => {
  stage = await stageWorld()
  olivia = await stage.operator()
  personId = await stage.person()
  card = await stage.pivCard(personId)
})
afterEach(() => stage.close())

const open = async (cardId = card.id, actor = olivia) => (await perform(openUnblock, stage.world, { cardId }, actor)).id

const WISH = { idempotencyKey: 'key-00000001' }
/** As the console asks: signed, where a statement can be written. */
const release = (unblockId: string, challenge: string, more: object = {}, actor = olivia) =>
  releaseSigned(stage.world, { ...WISH, ...more, unblockId, challenge }, actor)

const expectProblem = (promise: Promise<unknown>, code: ProblemCode) =>
  expect(promise).rejects.toThrow(expect.objectContaining({ code }))

const record = async (cardId = card.id) => (await findPukRecord(stage.world.database.reads, cardId))?.record

const lastAudit = async () => (await stage.audit()).at(-1)

describe('release', () => {
  it('answers with the masked PUK of this card, after its record; the card counts as exposed and the holder is told', async () => {
    const { challenge, keys } = card.attempt('0102030405')
    const cryptogram = await release(await open(), challenge.toLowerCase().replace(/(.{5})/, '$1 - '))
    expect(cryptogram).toMatchObject({ kind: 'cryptogram', closesBy: 'receipt' })
    expect(unmaskPuk(nodeCrypto, keys, ascii(cryptogram.code))).toHaveLength(8)
    expect(await lastAudit()).toMatchObject({
      operation: 'unblock.release-cryptogram',
      outcome: 'done',
      event: { what: 'released', challenge, generation: '0.1', verification: 'in-person' },
    })
    expect(await record()).toMatchObject({ exposedSince: '2026-11-23T09:00:00.000Z', exposedTo: personId })
    const notices = await stage.world.database.reads.selectFrom('notices').selectAll().execute()
    expect(notices).toMatchObject([{ kind: 'cryptogram-released', person_id: personId, card_id: card.id }])
  })

  it('is for no card whose template does not allow the telephone', async () => {
    const allows = { operator: true, telephone: false, selfService: false }
    const { templateId } = await stageTemplate(stage, { allows })
    const { id } = await stageDelivery(stage, personId, templateId)
    await expectProblem(open(id), 'procedure-not-allowed')
    const cards = await readCardSummaries(stage.database.reads, personId, true)
    expect(cards.find((found) => found.id === id)).toMatchObject({ obstacle: 'procedure-not-allowed' })
    await open()
  })

  it('the cryptogram stands in no table', async () => {
    const { code } = await release(await open(), card.attempt().challenge)
    const tables = ['releases', 'audit', 'unblocks', 'notices', 'puk_records', 'cards'] as const
    for (const table of tables) {
      const rows = JSON.stringify(await stage.world.database.reads.selectFrom(table).selectAll().execute())
      expect(rows).not.toContain(code)
      expect(rows).not.toContain(code.slice(0, 8))
    }
  })

  it('the record is committed before the key service is asked', async () => {
    const { challenge } = card.attempt()
    const seen: string[] = []
    const keys = Object.create(stage.world.keys, {
      releaseCryptogram: {
        value: async () => {
          seen.push((await lastAudit())?.operation ?? 'nothing')
          throw new Error('the key service is gone')
        },
      },
    })
    const unblockId = await open()
    const input = await signRelease(stage.world, { ...WISH, unblockId, challenge }, olivia)
    await expect(perform(releaseCryptogram, { ...stage.world, keys }, input, olivia)).rejects.toThrow('gone')
    expect(seen).toEqual(['unblock.release-cryptogram'])
    expect(await lastAudit()).toMatchObject({ outcome: 'failed', event: { problem: 'internal' } })
    // The challenge stays spent for everybody but the operator's own repetition.
    await expectProblem(release(await open(), challenge, { idempotencyKey: 'key-00000002' }), 'challenge-answered')
    expect((await release(unblockId, challenge)).code).toHaveLength(12)
  })

  it('a challenge is answered once, for ever; the same request within two minutes gets the same answer', async () => {
    const { challenge } = card.attempt()
    const unblockId = await open()
    const first = await release(unblockId, challenge)
    expect(await release(unblockId, challenge)).toEqual(first)
    await expectProblem(release(unblockId, challenge, { idempotencyKey: 'another-one' }), 'challenge-answered')
    await expectProblem(release(unblockId, challenge, {}, { ...olivia, sessionId: 'session-2' }), 'challenge-answered')
    stage.clock.at = new Date(stage.clock.at.getTime() + 121_000)
    await expectProblem(release(unblockId, challenge), 'challenge-answered')
    const rows = await stage.world.database.reads.selectFrom('releases').select('id').execute()
    expect(rows).toHaveLength(1)
  })

  it('misheard, of the other card, of another unblock key, too short, strange: each has its own answer', async () => {
    const other = await stage.pivCard(personId)
    const foreign = await stage.pivCard(await stage.person('Somebody Else'))
    const unblockId = await open()
    const { challenge, wrong } = card.attempt()
    await expectProblem(release(unblockId, wrong), 'challenge-misheard')
    await expectProblem(release(unblockId, other.attempt().challenge), 'challenge-other-card')
    await expectProblem(release(unblockId, foreign.attempt().challenge), 'challenge-misheard')
    await expectProblem(release(unblockId, challenge.slice(1)), 'challenge-malformed')
    await expectProblem(release(unblockId, 'ÜÜÜÜÜÜÜÜÜÜ'), 'challenge-malformed')
    await expectProblem(release(unblockId, 'A892D75601617C5D'), 'challenge-wrong-screen')
    expect((await release(unblockId, challenge)).code).toHaveLength(12)
  })

  it('two neighbours of a challenge swapped are caught, but for one in a thousand', async () => {
    const unblockId = await open()
    const { challenge } = card.attempt('0102030406')
    const swaps = Array.from('01234567', Number).map(
      (i) => challenge.slice(0, i) + challenge[i + 1] + challenge[i] + challenge.slice(i + 2),
    )
    const codeOf = (swap: string) => release(unblockId, swap).catch(({ code }) => code)
    const codes = await Promise.all(swaps.filter((swap) => swap !== challenge).map(codeOf))
    expect(codes.filter((code) => code !== 'challenge-misheard').length).toBeLessThan(2)
  })

  it('ten misses in one unblock and thirty for a card in an hour are the end; they survive each refusal', async () => {
    let unblockId = await open()
    for (let miss = 0; miss < 10; miss++)
      await expectProblem(release(unblockId, card.attempt().wrong), 'challenge-misheard')
    await expectProblem(release(unblockId, card.attempt().wrong), 'too-many-misses')
    for (let round = 0; round < 2; round++) {
      unblockId = await open()
      for (let miss = 0; miss < 10; miss++)
        await expectProblem(release(unblockId, card.attempt().wrong), 'challenge-misheard')
    }
    await expectProblem(release(await open(), card.attempt().challenge), 'too-many-misses')
    stage.clock.at = new Date(stage.clock.at.getTime() + 3_601_000)
    expect((await release(await open(), card.attempt().challenge)).code).toHaveLength(12)
  })

  it.each([
    ['registered', 'card-not-issued'],
    ['suspended', 'card-suspended'],
    ['revoked', 'card-revoked'],
    ['retired', 'card-revoked'],
  ] as const)('a card that is %s gets nothing: %s', async (state, code) => {
    const there = await stage.pivCard(personId, {}, state)
    await expectProblem(release(await open(there.id), there.attempt().challenge), code)
  })

  it('an unknown card, another operator’s unblock', async () => {
    await expectProblem(open('no-such-card'), 'card-unknown')
    const unblockId = await open()
    await expectProblem(release(unblockId, card.attempt().challenge, {}, await stage.operator()), 'not-found')
  })

  it('whoever may not is refused, and the refusal is on record', async () => {
    const reader = await stage.operator(['person:read'])
    await expectProblem(open(card.id, reader), 'not-permitted')
    expect(await lastAudit()).toMatchObject({ outcome: 'refused', event: { problem: 'not-permitted' } })
  })

  it('five a day for a card, thirty an hour through an operator', async () => {
    const others = { releasesPerPersonAndDay: 100, personsPerOperatorInTenMinutes: 100, outstandingPerOperator: 100 }
    Object.assign(stage.world.settings, others)
    for (let count = 0; count < 5; count++) {
      await release(await open(), card.attempt().challenge, { idempotencyKey: `key-0000000${count}` })
    }
    await expectProblem(release(await open(), card.attempt().challenge), 'release-limit-card')
    for (let count = 5; count < 30; count++) {
      const next = await stage.pivCard(personId)
      await release(await open(next.id), next.attempt().challenge)
    }
    const last = await stage.pivCard(personId)
    await expectProblem(release(await open(last.id), last.attempt().challenge), 'release-limit-operator')
    stage.clock.at = new Date(stage.clock.at.getTime() + 25 * 3_600_000)
    expect((await release(await open(), card.attempt().challenge)).code).toHaveLength(12)
  })

  it('the key service stops at its own ceiling whatever the other limits say', async () => {
    const tight = await stageWorld({ releasesPerHour: 1 })
    const actor = await tight.operator()
    const there = await tight.pivCard(await tight.person())
    const one = async () => {
      const { id } = await perform(openUnblock, tight.world, { cardId: there.id }, actor)
      const { challenge } = there.attempt()
      return releaseSigned(tight.world, { ...WISH, unblockId: id, challenge }, actor)
    }
    await one()
    await expectProblem(one(), 'key-service-limit')
    await tight.close()
  })

  it('a row of another card’s sealed key is refused by the key service', async () => {
    const other = await stage.pivCard(personId)
    await stage.world.database.transaction(async (tx) => {
      const { sealed_key } = await tx
        .selectFrom('cards')
        .select('sealed_key')
        .where('id', '=', other.id)
        .executeTakeFirstOrThrow()
      await tx.updateTable('cards').set({ sealed_key }).where('id', '=', card.id).execute()
    })
    await expect(release(await open(), card.attempt().challenge)).rejects.toThrow('does not open')
  })
})

describe('[piv-unblock/v1, The PUK record] releases', () => {
  const g = (counter: number) => ({ epoch: 0, counter })

  it('no candidate, no tries, another form: cannot be saved by telephone', async () => {
    for (const dead of [{ candidates: [] }, { triesAtLeast: 0 }, { form: 'other' as const }]) {
      const there = await stage.pivCard(personId, dead)
      await expectProblem(release(await open(there.id), there.attempt().challenge), 'card-cannot-be-saved')
    }
  })

  it('one candidate with one try left wants a supervisor', async () => {
    const there = await stage.pivCard(personId, { triesAtLeast: 1 })
    await expectProblem(release(await open(there.id), there.attempt().challenge), 'supervisor-needed')
    const supervisor = await stage.operator(['unblock:release', 'unblock:supervise'])
    const unblockId = await open(there.id, supervisor)
    expect((await release(unblockId, there.attempt().challenge, {}, supervisor)).code).toHaveLength(12)
  })

  it('several candidates cost a try until the receipt; no second release without one; never the last', async () => {
    const there = await stage.pivCard(personId, { candidates: [g(2), g(1)], triesAtLeast: 4, triesLimit: 4 })
    const unblockId = await open(there.id)
    const { challenge, keys } = there.attempt()
    const { code } = await release(unblockId, challenge)
    expect(await record(there.id)).toMatchObject({ triesAtLeast: 3 })
    await expectProblem(release(await open(there.id), there.attempt().challenge), 'outcome-outstanding')
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'refused', triesLeft: 2 })
    await perform(confirmUnblock, stage.world, { unblockId, receipt }, olivia)
    expect(await record(there.id)).toMatchObject({ candidates: [g(1)], refused: [g(2)], triesAtLeast: 2 })
    const torn = await stage.pivCard(personId, { candidates: [g(2), g(1)], triesAtLeast: 2 })
    await expectProblem(release(await open(torn.id), torn.attempt().challenge), 'supervisor-needed')
    const last = await stage.pivCard(personId, { candidates: [g(2), g(1)], triesAtLeast: 1 })
    const supervisor = await stage.operator(['unblock:release', 'unblock:supervise'])
    await expectProblem(
      release(await open(last.id, supervisor), last.attempt().challenge, {}, supervisor),
      'card-cannot-be-saved',
    )
  })
})

describe('receipt', () => {
  it('0 closes the unblock; repeated it says the same', async () => {
    const unblockId = await open()
    const { challenge, keys } = card.attempt()
    const { code } = await release(unblockId, challenge)
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unblocked' })
    const confirm = () => perform(confirmUnblock, stage.world, { unblockId, receipt }, olivia)
    expect(await confirm()).toEqual({ outcome: 'unblocked', triesLeft: null })
    expect(await confirm()).toEqual({ outcome: 'unblocked', triesLeft: null })
    expect(await record()).toMatchObject({ candidates: [{ counter: 1 }], triesAtLeast: 3 })
    await expectProblem(release(unblockId, card.attempt().challenge), 'attempt-closed')
  })

  it('none left means: cannot be saved by telephone', async () => {
    const unblockId = await open()
    const { challenge, keys } = card.attempt()
    const { code } = await release(unblockId, challenge)
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'refused', triesLeft: 0 })
    expect(await perform(confirmUnblock, stage.world, { unblockId, receipt }, olivia)).toEqual({
      outcome: 'refused',
      triesLeft: 0,
    })
    await expectProblem(release(await open(), card.attempt().challenge), 'card-cannot-be-saved')
  })

  it('overtakes an outcome that was reported as unknown, and nothing overtakes it', async () => {
    const unblockId = await open()
    const { challenge, keys } = card.attempt()
    const { code } = await release(unblockId, challenge)
    const cardUuid = Buffer.from(card.cardUuid).toString('hex').toUpperCase()
    const torn = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unknown' })
    const report = { cardUuid, challenge, outcome: 'unknown', receipt: torn, at: '2026-11-23T09:01:00.000Z' }
    await perform(reportUnblock, stage.world, report, AGENT)
    expect(await record()).toMatchObject({ triesAtLeast: 2 })
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unblocked' })
    expect(await perform(confirmUnblock, stage.world, { unblockId, receipt }, olivia)).toMatchObject({
      outcome: 'unblocked',
    })
    expect(await record()).toMatchObject({ triesAtLeast: 3 })
    const other = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'refused', triesLeft: 0 })
    expect(await perform(confirmUnblock, stage.world, { unblockId, receipt: other }, olivia)).toMatchObject({
      outcome: 'unblocked',
    })
  })

  it('a wrong one is refused, five times', async () => {
    const unblockId = await open()
    await release(unblockId, card.attempt().challenge)
    for (let miss = 0; miss < 5; miss++) {
      await expectProblem(
        perform(confirmUnblock, stage.world, { unblockId, receipt: '7777' }, olivia),
        'receipt-mismatch',
      )
    }
    await expectProblem(
      perform(confirmUnblock, stage.world, { unblockId, receipt: '7777' }, olivia),
      'too-many-receipts',
    )
  })
})

describe('native admin key', () => {
  it('own form, answered under the card’s key; closed by the agent’s report, which overtakes the caller’s word', async () => {
    const gids = await stage.gidsCard(personId)
    const block = readHex('A892D75601617C5D')
    const unblockId = await open(gids.id)
    const challenge = writeNativeChallenge(nodeCrypto, block, gids.cardUuid)
    const cryptogram = await release(unblockId, challenge)
    expect(cryptogram).toMatchObject({ kind: 'native-cryptogram', closesBy: 'word' })
    expect(cryptogram.code).toHaveLength(28)
    await perform(confirmUnblock, stage.world, { unblockId, told: 'unknown' }, olivia)
    const cardUuid = Buffer.from(gids.cardUuid).toString('hex').toUpperCase()
    const report = { cardUuid, challenge, outcome: 'unblocked', receipt: null, at: '2026-11-23T09:01:00.000Z' }
    expect(await perform(reportUnblock, stage.world, report, AGENT)).toEqual({ result: 'recorded' })
    expect(await perform(reportUnblock, stage.world, report, AGENT)).toEqual({ result: 'known' })
    const row = await stage.world.database.reads.selectFrom('releases').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ outcome: 'unblocked', outcome_by: 'report' })
  })

  it('a challenge of another GIDS card is caught by its check symbols', async () => {
    const [one, two] = [await stage.gidsCard(personId), await stage.gidsCard(personId)]
    const challenge = writeNativeChallenge(nodeCrypto, readHex('A892D75601617C5D'), two.cardUuid)
    await expectProblem(release(await open(one.id), challenge), 'challenge-other-card')
  })

  it('bare hexadecimal: twice, the end of the serial, one try at risk, and the supervisor before the last ones', async () => {
    const gids = await stage.gidsCard(personId, 3)
    const unblockId = await open(gids.id)
    const challenge = 'A892 D756 0161 7C5D'
    const bare = { challengeAgain: 'a892d75601617c5d', serialEnd: gids.printedSerial.slice(-4) }
    await expectProblem(release(unblockId, challenge), 'bare-form-unconfirmed')
    await expectProblem(
      release(unblockId, challenge, { bare: { ...bare, serialEnd: '0000' } }),
      'bare-form-unconfirmed',
    )
    await expectProblem(
      release(unblockId, challenge, { bare: { ...bare, challengeAgain: 'A892D75601617C5E' } }),
      'bare-form-unconfirmed',
    )
    const { kind, code } = await release(unblockId, challenge, { bare })
    expect({ kind, code }).toEqual({ kind: 'bare-cryptogram', code: expect.stringMatching(/^[0-9A-F]{16}$/) })
    const next = '1112131415161718'
    const again = { challengeAgain: next, serialEnd: bare.serialEnd }
    await expectProblem(release(await open(gids.id), next, { bare: again }), 'supervisor-needed')
    await expectProblem(release(unblockId, 'A892D75601617C5DA892D75601617C5D', { bare }), 'challenge-misheard')
  })
})

describe('live check', () => {
  it('says what a release would meet, and counts misses', async () => {
    const other = await stage.pivCard(personId)
    const unblockId = await open()
    const check = (challenge: string) => perform(checkChallenge, stage.world, { unblockId, challenge }, olivia)
    expect(await check(card.attempt().challenge)).toMatchObject({ verdict: 'match', form: 'masked', missesLeft: 10 })
    expect(await check(card.attempt().wrong)).toMatchObject({ verdict: 'challenge-misheard', missesLeft: 9 })
    expect(await check(other.attempt().challenge)).toMatchObject({
      verdict: 'challenge-other-card',
      otherCard: { id: other.id },
      missesLeft: 8,
    })
    const { challenge } = card.attempt()
    await release(unblockId, challenge)
    expect(await check(challenge)).toMatchObject({ verdict: 'challenge-answered' })
  })
})

describe('report', () => {
  it('of a PIV card counts only with the receipt', async () => {
    const unblockId = await open()
    const { challenge, keys } = card.attempt()
    const { code } = await release(unblockId, challenge)
    const cardUuid = Buffer.from(card.cardUuid).toString('hex').toUpperCase()
    const report = { cardUuid, challenge, outcome: 'unblocked', receipt: '0000', at: '2026-11-23T09:01:00.000Z' }
    await expectProblem(perform(reportUnblock, stage.world, report, AGENT), 'receipt-mismatch')
    const receipt = writeReceipt(nodeCrypto, keys, ascii(code), { code: 'unblocked' })
    expect(await perform(reportUnblock, stage.world, { ...report, receipt }, AGENT)).toEqual({ result: 'recorded' })
  })

  it('of an unknown card or a challenge that nobody answered changes nothing', async () => {
    const report = { cardUuid: '00'.repeat(16), challenge: '0000000000', outcome: 'unblocked', receipt: null, at: 'x' }
    await expectProblem(perform(reportUnblock, stage.world, report, AGENT), 'card-unknown')
    const cardUuid = Buffer.from(card.cardUuid).toString('hex').toUpperCase()
    expect(await perform(reportUnblock, stage.world, { ...report, cardUuid }, AGENT)).toEqual({ result: 'no-release' })
  })
})
