import { randomBytes } from 'node:crypto'
import { type Octets, readHex, writeHex } from '@unlatch/card'
import { TlvError } from '@unlatch/card/iso7816'
import { type PersonalisationRound, PersonaliseCard } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import type { KeyOrder, KeyService } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import { applyMove } from '../../records/cards/apply-move.ts'
import { type Card, lockCard } from '../../records/cards/cards.ts'
import {
  type ImportedSecrets,
  readImported,
  sealedOf,
  setAsideRefused,
  writeImported,
} from '../../records/cards/imported-secrets.ts'
import { type Lease, takeLease } from '../../records/cards/leases.ts'
import { findNextState } from '../../records/cards/moves.ts'
import { intendGeneration, type Purpose } from '../../records/generations/generations.ts'
import { queuePuc } from '../../records/outbox/outbox.ts'
import { issuedPuk } from '../../records/puk-records/puk-record.ts'
import { replacePukRecord, writeCandidate } from '../../records/puk-records/puk-records.ts'
import { findLastReleaseOf } from '../../records/unblocks/unblocks.ts'
import { Fault, operation } from '../operation.ts'
import { type Round, readAnswers } from './conversation.ts'
import { advanceGids, type GidsState } from './gids-script.ts'
import { advancePiv, type PivState } from './piv-script.ts'

type Conversation = PivState | GidsState

/** The conversation as it stands in the card's row. */
export interface Personalisation {
  readonly round: number
  readonly conversation: Conversation
  readonly lease?: Lease
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
  readonly imported: string | undefined
}

/** One round of a station's conversation with a card: judges the last answers, gives the next commands. */
export const personaliseCard = operation({
  name: 'card.personalise',
  permission: 'card:register',
  input: PersonaliseCard,
  subject: ({ cardId }) => `card:${cardId}`,

  async run({ tx, keys, now }, input, actor) {
    const card = await lockCard(tx, input.cardId)
    if (card.personalisation === null)
      throw new Fault('attempt-closed', { detail: 'this card is not being personalised' })
    const before = JSON.parse(card.personalisation) as Personalisation
    if (before.round !== input.round) throw new Fault('attempt-closed', { detail: `round ${before.round} is expected` })
    if (!isOfThisVersion(before.conversation)) throw new Fault('attempt-closed', { detail: 'begin Issue again' })
    if (before.lease?.agent !== actor.id) throw new Fault('attempt-closed', { detail: 'another station took over' })
    const isRehearsed = await checkRehearsal(keys, card, before, input.answers)
    const next = advance(before, input.answers, isRehearsed)
    if (next.kind === 'refused') throw refusalOf(card, before, next)
    if (before.rehearsal && isRehearsed) {
      await tx.updateTable('cards').set({ sealed_key: before.rehearsal.sealedKey }).where('id', '=', card.id).execute()
    }
    const lease = takeLease(actor.id, now, before.lease.attempt)
    const entered = await enter(tx, keys, card, { round: before.round + 1, lease, now }, next, actor)
    const superseded = next.kind === 'done' ? await revokeReplaced(tx, card, now) : undefined
    return {
      ...entered,
      event: { step: next.kind, round: before.round, ...(superseded !== undefined && { superseded }) },
    }
  },

  async release({ keys }, claim: Claim, recordId): Promise<PersonalisationRound> {
    const permit = { station: claim.station, recordId, cardUuid: claim.cardUuid }
    const command = await keys.keyCommand(permit, claim.order, claim.imported)
    return { ...claim.round, commands: [...claim.round.commands, writeHex(command)] }
  },
})

/** What the card refused stays written down: it is not sent again. */
function refusalOf(
  card: Card,
  before: Personalisation,
  { code, why, state }: Extract<Round<Conversation>, { kind: 'refused' }>,
): Fault {
  const imported = setAsideRefused(readImported(card), refusedOf(state))
  const kept: Personalisation = { round: before.round + 1, conversation: { ...state, step: 'start' } }
  return new Fault(code, {
    facts: { why },
    survives: async (tx) => {
      await tx
        .updateTable('cards')
        .set({ personalisation: JSON.stringify(kept), imported_secrets: writeImported(imported) })
        .where('id', '=', card.id)
        .execute()
    },
  })
}

const refusedOf = (state: Conversation) => ({
  puk: 'puk' in state && state.puk.refused.includes('imported'),
  managementKey: 'puk' in state && state.managementKey.refused.includes('imported'),
  adminKey: 'adminKey' in state && state.adminKey.refused.includes('imported'),
})

function advance(before: Personalisation, answers: readonly string[], isRehearsed: boolean): Round<Conversation> {
  try {
    const { conversation } = before
    return 'keyKind' in conversation
      ? advancePiv(conversation, readAnswers(answers), isRehearsed)
      : advanceGids(conversation, readAnswers(answers))
  } catch (error) {
    if (!(error instanceof TlvError)) throw error
    const why = 'the card gave an answer that makes no sense'
    return { kind: 'refused', code: 'personalisation-refused', why, state: before.conversation }
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
  { round, lease, now }: { round: number; lease: Lease; now: Date },
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
      await keep({ round, lease, conversation: next.state })
      return { result: { ...answer, commands: next.commands.map(writeHex) } }
    case 'key-command': {
      await keep({ round, lease, conversation: next.state })
      if ('to' in next.order)
        await intendGeneration(tx, card.card_uuid, PURPOSE_OF_ORDER[next.order.kind], next.order.to)
      const commands = next.before.map(writeHex)
      const imported = sealedOf(readImported(card), next.order)
      return { claim: { round: { ...answer, commands }, order: next.order, cardUuid, station: actor.id, imported } }
    }
    case 'rehearsal': {
      const permit = { station: actor.id, recordId: card.id, cardUuid }
      const sealedKey = await keys.sealCardKey(permit, { variant: next.variant, octets: next.key })
      const nonce = writeHex(randomBytes(5))
      await keep({ round, lease, conversation: next.state, rehearsal: { nonce, sealedKey } })
      return { result: { ...answer, rehearsal: { cardUuid: card.card_uuid, nonce, variant: next.variant } } }
    }
    case 'done':
      await keep(null, 'issued')
      await writeSecretRecord(tx, card, next)
      if (next.outcome.kind === 'piv') await queuePuc(tx, card, next.outcome.puk, now)
      return { result: { ...answer, isDone: true } }
  }
}

/** The card is there: the one of the same person that it takes the place of is revoked, where that was not done before. */
async function revokeReplaced(tx: Tx, card: Card, now: Date): Promise<string | undefined> {
  if (card.replaces_card_id === null) return undefined
  const replaced = await lockCard(tx, card.replaces_card_id)
  const isTheirs = replaced.person_id === card.person_id && replaced.is_unheld === 0
  const state = findNextState(replaced.state, 'revoke', 'superseded')
  if (!isTheirs || !state) return undefined
  await applyMove(tx, replaced, state, now)
  return replaced.id
}

/** Writes what the card has now. What another system gave it is dropped, but for what the card would not exchange. */
async function writeSecretRecord(
  tx: Tx,
  card: Card,
  { state, outcome }: Extract<Round<Conversation>, { kind: 'done' }>,
): Promise<void> {
  const card_id = card.id
  const { puk, managementKey } = readImported(card)
  let kept: ImportedSecrets = {}
  if (outcome.kind === 'gids') {
    const { triesLimit: tries_limit } = outcome
    // The card just proved this key.
    const settled_after = (await findLastReleaseOf(tx, card_id))?.number ?? 0
    const proved = { session_given_at: null, contact: null, refused_at: null, settled_after, contact_tries: 0 }
    const row = { cipher: '3des', generation: writeCandidate(state.generation), tries_limit, ...proved }
    await tx
      .insertInto('admin_key_records')
      .values({ card_id, ...row, revision: 1 })
      .onConflict((c) => c.column('card_id').doUpdateSet(row))
      .execute()
  } else {
    const record = issuedPuk(outcome.puk, {
      triesLimit: outcome.triesLimit,
      restoredByUnblock: outcome.isYubico ? 'yes' : 'no-or-unknown',
      isRotatable: outcome.isRotatable,
      form: outcome.form,
    })
    await replacePukRecord(tx, card_id, record)
    const { cipher, generation } = outcome.managementKey
    const row = { cipher, generation: writeCandidate(generation) }
    await tx
      .insertInto('management_keys')
      .values({ card_id, ...row })
      .onConflict((c) => c.column('card_id').doUpdateSet(row))
      .execute()
    kept = {
      ...(outcome.puk === 'imported' && puk && { puk }),
      ...(generation === 'imported' && managementKey && { managementKey }),
    }
  }
  await tx
    .updateTable('cards')
    .set({ imported_secrets: writeImported(kept) })
    .where('id', '=', card_id)
    .execute()
}

/** A conversation that an earlier version of this program began is begun again. */
export const isOfThisVersion = (conversation: object): boolean =>
  ('puk' in conversation && typeof conversation.puk === 'object') || 'adminKey' in conversation
