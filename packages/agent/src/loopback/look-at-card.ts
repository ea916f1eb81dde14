import { randomUUID } from 'node:crypto'
import { writeHex } from '@unlatch/card'
import type { PinPolicy, ScreenState } from '@unlatch/contract'
import type { CardReaders, ReaderState } from '../tasks/ports.ts'
import { type CardReading, readCard } from '../tasks/read-card.ts'
import type { ScreenTools } from './screen-tools.ts'

/** What is in the readers now. */
export interface CardLook {
  readonly phase: 'no-reader' | 'no-card' | 'blocked' | 'not-blocked'
  readonly card: ScreenState['card']
  /** A card that works: which insertion of it, and how many tries its PIN has. */
  readonly sighting: { readonly changeId: string; readonly triesLeft: number | undefined } | undefined
  /** The rules of the card's own; undefined: the organisation's for all. */
  readonly policy: PinPolicy | undefined
  /** Whether the holder may unblock it himself; null where the server does not say. */
  readonly selfService: ScreenState['selfService']
}

/** Looks at the first card that is in a reader, without touching any counter. Throws what reader and card say. */
export async function lookAtCard({
  readers,
  policies,
  offerOf,
}: Pick<ScreenTools, 'readers' | 'policies' | 'offerOf'>): Promise<CardLook> {
  const all = await readers.list()
  const reader = all.find(({ hasCard }) => hasCard)
  const nothing = { card: null, sighting: undefined, policy: undefined, selfService: null }
  if (!reader) return { phase: all.length === 0 ? 'no-reader' : 'no-card', ...nothing }
  const connection = await readers.connect(reader.name)
  try {
    const reading = await readCard(connection)
    const { isBlocked, triesLeft } = reading
    const cardUuid = writeHex(reading.cardUuid)
    const [policy, selfService] = await Promise.all([
      policies?.of(cardUuid),
      isBlocked ? offerOf?.(cardUuid).catch(() => null) : null,
    ])
    return {
      phase: isBlocked ? 'blocked' : 'not-blocked',
      card: describeCard(reader.name, reading),
      sighting: isBlocked ? undefined : { changeId: randomUUID(), triesLeft },
      policy,
      selfService: selfService ?? null,
    }
  } finally {
    await connection.disconnect()
  }
}

/** A card as the page shows it. */
export function describeCard(reader: string, { family }: CardReading): NonNullable<ScreenState['card']> {
  const isPiv = family === 'piv'
  return { reader, family, telephoneWay: isPiv ? 'masked-puk' : 'native-admin-key', hasPuc: isPiv }
}

export async function findReaderWithCard(readers: CardReaders): Promise<ReaderState | undefined> {
  return (await readers.list()).find(({ hasCard }) => hasCard)
}

/** A reader with its insertion: another card, or the same one again, is another sight. */
export const sightOf = (reader: ReaderState | undefined) => reader && `${reader.name} ${reader.insertion}`
