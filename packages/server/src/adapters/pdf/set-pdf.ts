import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'

const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')

/** Points of a millimetre. */
export const MM = 72 / 25.4

pdfmake.setFonts({
  Roboto: {
    normal: join(FONTS, 'Roboto-Regular.ttf'),
    bold: join(FONTS, 'Roboto-Medium.ttf'),
    italics: join(FONTS, 'Roboto-Italic.ttf'),
    bolditalics: join(FONTS, 'Roboto-MediumItalic.ttf'),
  },
})
// A file is made of its own words and these fonts, whatever stands in a name.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONTS))

/** Sets a document on A4, tagged for those who read by ear. */
export function setPdf(document: TDocumentDefinitions): Promise<Buffer> {
  const { defaultStyle, ...rest } = document
  const ours: Partial<TDocumentDefinitions> = {
    pageSize: 'A4',
    version: '1.7',
    tagged: true,
    language: 'en',
    displayTitle: true,
  }
  return pdfmake.createPdf({ ...ours, ...rest, defaultStyle: { font: 'Roboto', ...defaultStyle } }).getBuffer()
}
