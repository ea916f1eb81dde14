import type { CardRow } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import { stringify } from 'csv-stringify/sync'

const { columns, state, families } = MESSAGES.en.cards.file
const { findings } = MESSAGES.en.cards

/**
 * Cards as CSV with a heading, piece by piece. A cell that a spreadsheet would take for a formula begins with an apostrophe.
 *
 * @see [RFC 4180]
 */
export async function* writeCardFile(pages: AsyncIterable<readonly CardRow[]>): AsyncGenerator<string> {
  const options = { escape_formulas: true, record_delimiter: 'windows' } as const
  yield stringify([Object.values(columns)], { ...options, bom: true })
  for await (const cards of pages) if (cards.length > 0) yield stringify(cards.map(cellsOf), options)
}

/** In the order of the columns. */
const cellsOf = (card: CardRow): string[] => [
  card.printedSerial,
  card.label,
  state[card.state],
  families[card.family],
  card.personName ?? '',
  card.templateName ?? '',
  card.templateVersion === null ? '' : String(card.templateVersion),
  card.createdAt,
  card.findings.map((finding) => findings[finding].title).join('; '),
  card.id,
]
