import {
  ADDRESS_KINDS,
  AskHolder,
  AskHolderCards,
  type CardEvent,
  HOLDER_EVENTS,
  type HolderCards,
  type HolderEvent,
  type HolderSession,
  type HolderSignIn,
  type OneTimeKind,
} from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import { readCardHistory } from '../cards/card-history.ts'
import { listCardsOf } from '../cards/cards.ts'
import { addressOf } from '../people/address-changes.ts'
import { getPerson } from '../people/people.ts'
import { listPersonPasskeys } from '../person-passkeys/person-passkeys.ts'
import { writePasskeys } from '../person-passkeys/views.ts'
import { listOneTimePasswords } from '../self-service/one-time-passwords.ts'
import { view } from '../view.ts'
import { getHolderSession } from './holder-sessions.ts'

/** Where the time of this holder began: what was before is another's. */
const BEGAN: ReadonlySet<CardEvent['what']> = new Set(['registered', 'reissued'])

/** The holder's cards, and what happened to the one in the reader since it is his. */
export const holderCards = view({
  name: 'holder.cards',
  permission: 'agent:report',
  query: AskHolderCards,
  async read({ db, now }, { sessionId, before }, actor): Promise<HolderCards> {
    const { card } = await getHolderSession(db, sessionId, { agentId: actor.id, now })
    const cards = await listCardsOf(db, card.person_id)
    const history = await readCardHistory(db, card.id, before)
    const began = history.events.findIndex(({ what, problem }) => BEGAN.has(what) && problem === null)
    const own = began < 0 ? history.events : history.events.slice(0, began + 1)
    return {
      cards: cards.map(({ id, label, printed_serial, state }) => {
        return {
          id,
          label,
          printedSerial: printed_serial,
          state: state as HolderCards['cards'][number]['state'],
          isHere: id === card.id,
        }
      }),
      events: own.flatMap(writeEvent),
      next: began < 0 ? history.next : null,
    }
  },
})

function writeEvent({ id, at, what, problem, by, move, result }: CardEvent): HolderEvent[] {
  const told = HOLDER_EVENTS.find((one) => one === what)
  // Only that a card got a new PIN says something to its holder.
  if (told === undefined || (told === 'outcome' && result !== 'unblocked')) return []
  const operatorName = by.kind === 'operator' ? by.name : ''
  return [{ id, at, what: told, isRefused: problem !== null, operatorName, ...(move !== undefined && { move }) }]
}

/** By what the holder shows that it is he, and where he is told. */
export const holderSignIn = view({
  name: 'holder.sign-in',
  permission: 'agent:report',
  query: AskHolder,
  async read({ db, now }, { sessionId }, actor): Promise<HolderSignIn> {
    const { session } = await getHolderSession(db, sessionId, { agentId: actor.id, now })
    const person = await getPerson(db, session.person_id)
    const oneTimePasswords = await listOneTimePasswords(db, person.id)
    return {
      passkeys: writePasskeys(await listPersonPasskeys(db, person.id)),
      oneTimePasswords: oneTimePasswords.flatMap(({ id, kind, label, created_at, usable_from, last_used_at }) =>
        // One whose app never showed a code is none.
        usable_from === null
          ? []
          : [
              {
                id,
                kind: kind as OneTimeKind,
                label,
                createdAt: created_at,
                usableFrom: usable_from,
                lastUsedAt: last_used_at,
              },
            ],
      ),
      addresses: ADDRESS_KINDS.map((kind) => ({ kind, address: addressOf(person, kind) })).filter(
        ({ address }) => address !== '',
      ),
    }
  },
})

/** Whose session it is. */
export async function viewHolderSession(db: Db, sessionId: string, agentId: string, now: Date): Promise<HolderSession> {
  const { session } = await getHolderSession(db, sessionId, { agentId, now })
  const person = await getPerson(db, session.person_id)
  return { sessionId, personName: person.name, until: session.until }
}
