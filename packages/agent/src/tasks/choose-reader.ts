import { Problem } from '@unlatch/contract'
import { asProblem } from './card-problems.ts'
import type { CardReaders } from './ports.ts'

/**
 * The reader that was named, or the first that has a card.
 *
 * @throws Problem `no-reader`, `no-card`, `reader-unreachable`.
 */
export async function chooseReader(readers: CardReaders, name: string | undefined): Promise<string> {
  if (name !== undefined) return name
  const found = await readers.list().catch((error) => {
    throw asProblem(error)
  })
  if (found.length === 0) throw new Problem('no-reader')
  const withCard = found.find(({ hasCard }) => hasCard)
  if (!withCard) throw new Problem('no-card')
  return withCard.name
}
