import { createHash } from 'node:crypto'
import type { UnblockEvidence } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Content, TableCell } from 'pdfmake/interfaces.js'
import type { WriteEvidenceSheet } from '../../ports/evidence-sheet.ts'
import { MM, setPdf } from './set-pdf.ts'

const { evidenceSheet: words, verification, templates } = MESSAGES.en
const GREY = '#444444'
/** Of a page's height: no section begins below it. */
const LOWEST = 0.92

/** The evidence of one unblock on paper. Nothing is left out of the file but the bytes of the records, whose hashes it names. */
export const writeEvidenceSheet: WriteEvidenceSheet = (evidence, organisation) => {
  const { unblockId, writtenAt } = evidence
  return setPdf({
    pageMargins: [20 * MM, 20 * MM, 20 * MM, 22 * MM],
    info: { title: words.title, author: organisation, subject: unblockId },
    defaultStyle: { fontSize: 9, lineHeight: 1.2 },
    footer: (page, count) => ({
      columns: [
        { text: `${words.unblock} ${unblockId}` },
        { text: fill(words.page, { page, count }), alignment: 'right', width: 'auto' },
      ],
      margin: [20 * MM, 8 * MM, 20 * MM, 0],
      fontSize: 8,
      color: GREY,
    }),
    // A heading is not the last thing on its page.
    pageBreakBefore: ({ headlineLevel, startPosition }) => headlineLevel === 2 && startPosition.verticalRatio > LOWEST,
    content: [
      ...(organisation === '' ? [] : [{ text: organisation, color: GREY } as Content]),
      { text: words.title, fontSize: 16, bold: true, headlineLevel: 1 },
      { text: fill(words.written, { at: timeOf(writtenAt) }), color: GREY, margin: [0, 0, 0, 4] },
      ...factsOf(evidence),
      ...standardOf(evidence),
      ...releasesOf(evidence),
      ...waysOf(evidence),
      ...approvalsOf(evidence),
      ...statementsOf(evidence),
      ...recordsOf(evidence),
    ],
  })
}

const fill = (text: string, values: Record<string, string | number>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => String(values[key] ?? ''))

/** `2026-11-23 09:14:07`: whoever reads it on paper has no zone that we know. */
const timeOf = (at: string | null) => (at === null ? '' : at.slice(0, 19).replace('T', ' '))

/** The words for a code; the code itself where there are none. */
const wordFor = (table: Readonly<Record<string, string>>, code: string) => table[code] ?? code

const heading = (text: string): Content => ({
  text,
  fontSize: 11.5,
  bold: true,
  margin: [0, 10, 0, 3],
  headlineLevel: 2,
})
const small = (text: string): Content => ({ text, fontSize: 8, color: GREY, margin: [0, 3, 0, 0] })

function table(widths: (string | number)[], header: string[], rows: TableCell[][]): Content {
  const head = header.map((text): TableCell => ({ text, bold: true, fillColor: '#eeeeee' }))
  return {
    table: { headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, widths, body: [head, ...rows] },
    layout: { hLineWidth: () => 0.5, vLineWidth: () => 0, hLineColor: () => '#bbbbbb' },
    fontSize: 8.5,
  }
}

function factsOf(evidence: UnblockEvidence): Content[] {
  const { facts } = words
  const rows = [
    [words.unblock, evidence.unblockId],
    [facts.holder, evidence.personName],
    [facts.card, `${evidence.cardLabel}, ${evidence.printedSerial}`],
    [facts.operator, evidence.operatorName],
    [facts.opened, timeOf(evidence.openedAt)],
    [facts.closed, evidence.closedAt === null ? facts.open : timeOf(evidence.closedAt)],
  ]
  const body = rows.map(([name = '', value = '']): TableCell[] => [{ text: name, color: GREY }, { text: value }])
  return [heading(facts.title), { table: { widths: [30 * MM, '*'], body }, layout: 'noBorders' }]
}

/** Said in words, so that it is read by ear and on a black-and-white print. */
function standardOf({ standard, conditions }: UnblockEvidence): Content[] {
  const { names, conditions: texts } = templates.standard
  if (standard === 'none') return [heading(words.standard.title), { text: words.standard.none }]
  const rows = conditions.map(({ condition, isMet }): TableCell[] => [
    { text: isMet ? words.standard.met : words.standard.unmet, bold: true, color: isMet ? '#1b5e20' : '#b00020' },
    { text: texts[condition] },
  ])
  return [
    heading(words.standard.title),
    { text: fill(words.standard.keeps, { standard: names[standard] }), margin: [0, 0, 0, 3] },
    { table: { widths: [20 * MM, '*'], body: rows }, layout: 'noBorders' },
    small(words.standard.judged),
  ]
}

function releasesOf({ releases }: UnblockEvidence): Content[] {
  const { title, none, at, form, verifiedBy, outcome, forms, outcomes, by } = words.releases
  if (releases.length === 0) return [heading(title), { text: none }]
  const rows = releases.map((release): TableCell[] => {
    const ended = wordFor(outcomes, release.outcome)
    return [
      timeOf(release.at),
      wordFor(forms, release.form),
      release.verifiedBy.map(wayName).join(', '),
      release.outcomeBy === null ? ended : `${ended}, ${wordFor(by, release.outcomeBy)}`,
    ]
  })
  return [heading(title), table([32 * MM, '*', '*', '*'], [at, form, verifiedBy, outcome], rows)]
}

const wayName = (way: string): string =>
  (verification.ways as Readonly<Record<string, { label: string }>>)[way]?.label ?? way

function waysOf({ ways }: UnblockEvidence): Content[] {
  const { title, none, way, root, state, at, evidence: seen, roots, states, sentTo } = words.ways
  if (ways.length === 0) return [heading(title), { text: none }]
  const rows = ways.map((one): TableCell[] => [
    wayName(one.way),
    wordFor(roots, one.root),
    wordFor(states, one.state),
    timeOf(one.metAt),
    {
      stack: [
        ...(one.sentTo === null ? [] : [fill(sentTo, { address: breakable(one.sentTo) })]),
        ...Object.entries(one.evidence).map(evidenceOf),
      ],
    },
  ])
  return [heading(title), table([38 * MM, 26 * MM, 18 * MM, 31 * MM, 44 * MM], [way, root, state, at, seen], rows)]
}

function evidenceOf([kind, value]: [string, string]): string {
  const named = kind === 'document' ? wordFor(verification.documents, value) : value
  const said = kind === 'address' ? wordFor(verification.addresses, value) : named
  return `${wordFor(words.ways.kinds, kind)}: ${breakable(said)}`
}

/** What has no blank for long, in pieces that fit a column: an address may be longer than it is wide. */
const breakable = (text: string) => text.replace(/\S{26}(?=\S)/g, '$&\n')

function approvalsOf({ approvals }: UnblockEvidence): Content[] {
  const { title, none, states, broken, note: noted } = words.approvals
  if (approvals.length === 0) return [heading(title), { text: none }]
  return [
    heading(title),
    ...approvals.flatMap(({ state, by, at, isBreakGlass, note }): Content[] => {
      const said = fill(isBreakGlass ? broken : wordFor(states, state), { operator: by ?? words.unknown })
      const line: Content = { text: [{ text: said, bold: isBreakGlass }, ` ${timeOf(at)}`] }
      return note === '' ? [line] : [line, small(fill(noted, { note }))]
    }),
  ]
}

function statementsOf({ statements }: UnblockEvidence): Content[] {
  const { title, none, record, operation, by, hash, where } = words.statements
  if (statements.length === 0) return [heading(title), { text: none }]
  const rows = statements.map((one): TableCell[] => [String(one.record), one.operation, one.by, inHalves(one.sha256)])
  const widths = [16 * MM, '*', '*', 62 * MM]
  return [heading(title), table(widths, [record, operation, by, hash], rows), small(where)]
}

function recordsOf({ records }: UnblockEvidence): Content[] {
  const { title, number, at, operation, outcome, by, hash, where } = words.records
  if (records.length === 0) return [heading(title), { text: words.none }]
  const rows = records.map(({ number: place, record }): TableCell[] => {
    const said = JSON.parse(record)
    const sha256 = createHash('sha256').update(record).digest('hex')
    const cells = [String(place), timeOf(said.at), said.operation, said.outcome, said.actor.name, inHalves(sha256)]
    return cells.map((text) => ({ text, fontSize: 7.5 }))
  })
  const widths = [14 * MM, 29 * MM, '*', 14 * MM, 24 * MM, 52 * MM]
  return [heading(title), table(widths, [number, at, operation, outcome, by, hash], rows), small(where)]
}

/** A hash on two lines. */
const inHalves = (hash: string) => `${hash.slice(0, 32)}\n${hash.slice(32)}`
