import { randomBytes } from 'node:crypto'
import { type Octets, readHex, writeHex } from '@unlatch/card'
import { TlvError } from '@unlatch/card/iso7816'
import { type PersonalisationRound, PersonaliseCard } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyOrder, KeyService } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import { type Card, lockCard } from '../../records/cards/cards.ts'
import { intendGeneration, type Purpose } from '../../records/generations/generations.ts'
import { issuedPuk } from '../../records/puk-records/puk-record.ts'
import { insertPukRecord, writeCandidate } from '../../records/puk-records/puk-records.ts'
import { Fault, operation } from '../operation.ts'
import { type Round, readAnswers } from './conversation.ts'
import { advanceGids, type GidsState } from './gids-script.ts'
import { advancePiv, type PivState } from './piv-script.ts'

type Conversation = PivState | GidsState

/** The conversation as it stands in the card's row. */
export interface Personalisation {
  readonly round: number
  readonly conversation: Conversation
  /** The nonce of a rehearsal under way. */
  readonly rehearsal?: { nonce: string; sealedKey: string }
}

/** What an order that sets a secret counts under. */
const PURPOSE_OF_ORDER = {
  'piv-change-puk': 'puk',
  'piv-set-management-key': 'piv-9b',
  'gids-load-admin-key': 'gids-admin',
} as const satisfies Record<Extract<KeyOrder, { to: unknown }>['kind'], Purpose>

interface Claim {
  readonly round: PersonalisationRound
  readonly order: KeyOrder
  readonly cardUuid: Octets
  readonly station: string
}

/** One round of a station's conversation with a card: judges the last answers, gives the next commands. */
export const personaliseCard = operation({
  name: 'card.personalise',
  permission: 'card:register',
  input: PersonaliseCard,
  subject: ({ cardId }) => `card:${cardId}`,

  async run({ tx, keys }, input, actor) {
    const card = await lockCard(tx, input.cardId)
    if (card.personalisation === null)
      throw new Fault('attempt-closed', { detail: 'this card is not being personalised' })
    const before = JSON.parse(card.personalisation) as Personalisation
    if (before.round !== input.round) throw new Fault('attempt-closed', { detail: `round ${before.round} is expected` })
    const isRehearsed = await checkRehearsal(keys, card, before, input.answers)
    const next = advance(before, input.answers, isRehearsed)
    if (next.kind === 'refused') throw new Fault('personalisation-refused', { facts: { why: next.why } })
    if (before.rehearsal && isRehearsed) {
      await tx.updateTable('cards').set({ sealed_key: before.rehearsal.sealedKey }).where('id', '=', card.id).execute()
    }
    return {
      ...(await enter(tx, keys, card, before.round + 1, next, actor)),
      event: { step: next.kind, round: before.round },
    }
  },

  async release({ keys }, claim: Claim, recordId): Promise<PersonalisationRound> {
    const permit = { station: claim.station, recordId, cardUuid: claim.cardUuid }
    const command = await keys.keyCommand(permit, claim.order)
    return { ...claim.round, commands: [...claim.round.commands, writeHex(command)] }
  },
})

function advance(before: Personalisation, answers: readonly string[], isRehearsed: boolean): Round<Conversation> {
  try {
    const { conversation } = before
    return 'keyKind' in conversation
      ? advancePiv(conversation, readAnswers(answers), isRehearsed)
      : advanceGids(conversation, readAnswers(answers))
  } catch (error) {
    if (error instanceof TlvError) return { kind: 'refused', why: 'the card gave an answer that makes no sense' }
    throw error
  }
}

/** Both proofs, from before and after a reset, must be right. */
async function checkRehearsal(
  keys: KeyService,
  card: Card,
  { rehearsal }: Personalisation,
  answers: readonly string[],
): Promise<boolean> {
  if (!rehearsal || answers.length !== 2) return false
  const sealed = { cardUuid: readHex(card.card_uuid), sealedKey: rehearsal.sealedKey }
  const nonce = readHex(rehearsal.nonce)
  for (const answer of answers) if (!(await keys.checkRehearsal(sealed, nonce, readHex(answer)))) return false
  return true
}

/** Writes where the conversation stands and says what comes next. */
async function enter(
  tx: Tx,
  keys: KeyService,
  card: Card,
  round: number,
  next: Exclude<Round<Conversation>, { kind: 'refused' }>,
  actor: Actor,
): Promise<{ result: PersonalisationRound } | { claim: Claim }> {
  const cardUuid = readHex(card.card_uuid)
  const answer = { cardId: card.id, round, commands: [] as string[], rehearsal: null, isDone: false }
  const keep = (personalisation: Personalisation | null, state = 'registered') =>
    tx
      .updateTable('cards')
      .set({ state, personalisation: personalisation && JSON.stringify(personalisation) })
      .where('id', '=', card.id)
      .execute()
  switch (next.kind) {
    case 'commands':
      await keep({ round, conversation: next.state })
      return { result: { ...answer, commands: next.commands.map(writeHex) } }
    case 'key-command': {
      await keep({ round, conversation: next.state })
      if ('to' in next.order)
        await intendGeneration(tx, card.card_uuid, PURPOSE_OF_ORDER[next.order.kind], next.order.to)
      const commands = next.before.map(writeHex)
      return { claim: { round: { ...answer, commands }, order: next.order, cardUuid, station: actor.id } }
    }
    case 'rehearsal': {
      const permit = { station: actor.id, recordId: card.id, cardUuid }
      const sealedKey = await keys.sealCardKey(permit, { variant: next.variant, octets: next.key })
      const nonce = writeHex(randomBytes(5))
      await keep({ round, conversation: next.state, rehearsal: { nonce, sealedKey } })
      return { result: { ...answer, rehearsal: { cardUuid: card.card_uuid, nonce, variant: next.variant } } }
    }
    case 'done':
      await keep(null, 'issued')
      await insertSecretRecord(tx, card, next)
      return { result: { ...answer, isDone: true } }
  }
}

async function insertSecretRecord(
  tx: Tx,
  card: Card,
  { state, outcome }: Extract<Round<Conversation>, { kind: 'done' }>,
): Promise<void> {
  const { epoch, counter } = state.generation
  if (outcome.kind === 'gids') {
    const generation = `${epoch}.${counter}`
    const { triesLimit: tries_limit } = outcome
    const row = { card_id: card.id, cipher: '3des', generation, tries_limit, session_given_at: null, revision: 1 }
    await tx.insertInto('admin_key_records').values(row).execute()
  } else {
    const isDerived = outcome.puk === 'derived'
    const record = issuedPuk(isDerived ? state.generation : 'factory', {
      triesLimit: outcome.triesLimit,
      restoredByUnblock: outcome.isYubico ? 'yes' : 'no-or-unknown',
      isRotatable: isDerived,
    })
    await insertPukRecord(tx, card.id, record)
    const { cipher, generation } = outcome.managementKey
    const row = { card_id: card.id, cipher, generation: generation ? writeCandidate(generation) : 'factory' }
    await tx.insertInto('management_keys').values(row).execute()
  }
}
