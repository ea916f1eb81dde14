import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { LetterSettings } from '@unlatch/contract'
import { groupCode, LANGUAGES, spellGroup } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import pdfmake from 'pdfmake'
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import { type Carrier, DeliveryError, type Message, type OpenConnection } from '../../ports/delivery.ts'
import type { ExportFolder } from '../../ports/export-folder.ts'

/**
 * Letters with a PUC, as PDF files for a print room. One alone is named after its delivery, several in one file after all of
 * theirs: the same letters, written again after a crash, take the place of the first ones.
 */
export function letterCarrier(exports: ExportFolder): Carrier {
  const write = async ({ details }: OpenConnection, messages: readonly Message[]) => {
    if (details.kind !== 'letter') throw new Error(`a letter cannot be ${details.kind}`)
    const octets = await writeLetters(messages, details.letter).catch((cause: Error) => {
      throw new DeliveryError('delivery-refused', `the letter could not be set: ${cause.message}`, { cause })
    })
    await exports.write(details.letter.folder, `${nameOf(messages)}.pdf`, octets)
  }
  return { send: (connection, message) => write(connection, [message]), sendTogether: write }
}

function nameOf(messages: readonly Message[]): string {
  const [first, ...others] = messages.map(({ id }) => id).sort()
  if (first === undefined || others.length === 0) return first ?? 'none'
  const digest = createHash('sha256')
    .update([first, ...others].join(' '))
    .digest('hex')
    .slice(0, 16)
  return `letters-${messages.length}-${digest}`
}

const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
const MM = 72 / 25.4

/** Places on A4, in millimetres from the upper left. */
const PLACE = {
  /** The window of a DIN lang envelope, form B. [DIN 5008] */
  address: { x: 25, y: 50.8 },
  /** A third of the page below: the middle panel, once it is folded in three. */
  text: { x: 25, y: 106 },
  folds: [105, 210],
}

pdfmake.setFonts({
  Roboto: {
    normal: join(FONTS, 'Roboto-Regular.ttf'),
    bold: join(FONTS, 'Roboto-Medium.ttf'),
    italics: join(FONTS, 'Roboto-Italic.ttf'),
    bolditalics: join(FONTS, 'Roboto-MediumItalic.ttf'),
  },
})
// A letter is made of its own words and these fonts, whatever stands in a name.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONTS))

/** Each letter on a page of its own, tagged for those who read by ear. */
function writeLetters(messages: readonly Message[], settings: LetterSettings): Promise<Buffer> {
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageMargins: [PLACE.text.x * MM, PLACE.text.y * MM, 25 * MM, 20 * MM],
    version: '1.7',
    tagged: true,
    language: messages[0]?.language ?? LANGUAGES[0],
    displayTitle: true,
    info: {
      title: MESSAGES[messages[0]?.language ?? LANGUAGES[0]].mails.letter.title,
      author: messages[0]?.organisation ?? '',
    },
    defaultStyle: { font: 'Roboto', fontSize: 10.5, lineHeight: 1.25 },
    background: () => foldMarks(),
    content: messages.map((message, i) => compose(message, settings, i > 0)),
  }
  return pdfmake.createPdf(definition).getBuffer()
}

function compose(
  { isTest, language, to, card, puc, windowsForm, organisation }: Message,
  { envelope, sender }: LetterSettings,
  isNext: boolean,
): Content {
  const words = MESSAGES[language].mails.letter
  const values = {
    name: to.name,
    card: card.label,
    serial: card.printedSerial,
    organisation: organisation || MESSAGES[language].mails.puc.unknownOrganisation,
    form: windowsForm === null ? '' : (windowsForm.match(/.{4}/g) ?? []).join(' '),
  }
  const say = (text: string) => text.replace(/\{\{(\w+)\}\}/g, (_, key: keyof typeof values) => values[key] ?? '')
  const groups = groupCode(puc, 'puc')
  const lines = [
    words.keep,
    words.use,
    ...(windowsForm === null ? [] : [words.windows]),
    words.dies,
    words.never,
    ...(envelope === 'sealed' ? [words.broken] : []),
  ]
  return {
    ...(isNext && { pageBreak: 'before' as const }),
    stack: [
      {
        absolutePosition: { x: PLACE.address.x * MM, y: PLACE.address.y * MM },
        stack: [
          { text: sender, fontSize: 7, color: '#444444', margin: [0, 0, 0, 6] },
          ...[to.name, to.department, organisation].filter(Boolean).map((text): Content => ({ text })),
        ],
      },
      { text: words.title, fontSize: 15, bold: true, margin: [0, 0, 0, 8], headlineLevel: 1 },
      ...(isTest ? [{ text: words.test, bold: true, margin: [0, 0, 0, 8] } as Content] : []),
      { text: say(words.dear), margin: [0, 0, 0, 6] },
      { text: say(words.about), margin: [0, 0, 0, 12] },
      { text: groups.join('  '), fontSize: 26, bold: true, alignment: 'center', characterSpacing: 2 },
      {
        text: groups.map((group) => spellGroup(group, language)).join(', '),
        fontSize: 9,
        color: '#444444',
        alignment: 'center',
        margin: [0, 2, 0, 14],
      },
      ...lines.map((text): Content => ({ text: say(text), margin: [0, 0, 0, 6] })),
    ],
  }
}

/** Short lines at the left edge where the sheet is folded in three. */
const foldMarks = (): Content => ({
  canvas: PLACE.folds.map((y) => ({
    type: 'line',
    x1: 4 * MM,
    y1: y * MM,
    x2: 9 * MM,
    y2: y * MM,
    lineWidth: 0.5,
    lineColor: '#888888',
  })),
})
