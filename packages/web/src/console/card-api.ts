import {
  CardDetails,
  CardHistory,
  CardMoved,
  CardsFound,
  CardsMovedToVersion,
  FindingCounts,
  type MoveCard,
  MovedToVersion,
  PersonalisationRound,
} from '@unlatch/contract'
import { callServer } from './connection.ts'

/** The server's API about cards, one function for each call; all throw `ApiFailure`. */

const at = (strings: TemplateStringsArray, ...ids: string[]) =>
  String.raw({ raw: strings }, ...ids.map(encodeURIComponent))

/** Which cards, and in which order. */
export type CardsWish = Readonly<Record<string, string>>

export const readCards = (wish: CardsWish, signal: AbortSignal) =>
  callServer({ method: 'GET', path: `/api/cards?${new URLSearchParams(wish)}`, answer: CardsFound, signal })

/** Where the same list is a file. */
export const cardFileAddress = (wish: CardsWish) => `/api/card-file?${new URLSearchParams(wish)}`

export const readCard = (cardId: string, signal: AbortSignal) =>
  callServer({ method: 'GET', path: at`/api/cards/${cardId}`, answer: CardDetails, signal })

export const readCardHistory = (cardId: string, before: number | undefined, signal: AbortSignal) =>
  callServer({
    method: 'GET',
    path: `${at`/api/cards/${cardId}/history`}${before === undefined ? '' : `?before=${before}`}`,
    answer: CardHistory,
    signal,
  })

export const readFindings = (signal: AbortSignal) =>
  callServer({ method: 'GET', path: '/api/card-findings', answer: FindingCounts, signal })

export const moveCard = (cardId: string, body: Omit<MoveCard, 'cardId'>) =>
  callServer({ method: 'POST', path: at`/api/cards/${cardId}/state`, body, answer: CardMoved })

export const moveToVersion = (cardId: string, version: number) =>
  callServer({
    method: 'POST',
    path: at`/api/cards/${cardId}/template-version`,
    body: { version },
    answer: MovedToVersion,
  })

/** Some of the cards of older versions; asked again while there are more. */
export const moveCardsToVersion = (templateId: string, version: number) =>
  callServer({
    method: 'POST',
    path: at`/api/card-templates/${templateId}/card-move`,
    body: { version },
    answer: CardsMovedToVersion,
  })

/** A card of ours, for somebody else. */
export const reissueCard = (cardId: string, body: { personId: string; replacesCardId?: string }) =>
  callServer({
    method: 'POST',
    path: at`/api/registrations/${cardId}/holder`,
    body,
    answer: PersonalisationRound,
  })
