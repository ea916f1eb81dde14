import { isProblemCode, SPELLING } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Page } from 'playwright-core'

/** Words without sense, by which a text grows without becoming one long word. */
const FILLING = ' lorem ipsum dolor sit amet'.repeat(40)

/** A catalogue's texts in brackets, and four tenths longer: what German does to English, and more. */
function pretend(tree: object): object {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === 'string'
        ? `⟦${value}${FILLING.slice(0, Math.ceil(value.length * 0.4)).trimEnd()}⟧`
        : pretend(value),
    ]),
  )
}

/** The module that a page gets where it asks for German. */
export const PSEUDO_LOCALE = `export const de = ${JSON.stringify(pretend(MESSAGES.en))}`

/**
 * Every word that stands in what a program answered. Words of small letters alone are no data but states and kinds, unless
 * they are what somebody is called.
 */
export function listData(replies: readonly unknown[]): Set<string> {
  const words = new Set<string>()
  const read = (value: unknown, isName: boolean): void => {
    if (typeof value === 'string') {
      if (isName || !/^[a-z]+(-[a-z]+)*$/.test(value)) for (const word of splitWords(value)) words.add(word)
    } else if (Array.isArray(value)) for (const part of value) read(part, isName)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, part] of Object.entries(value)) read(part, key === 'userName' || key === 'header')
    }
  }
  read(replies, false)
  return words
}

const DAYS = new Intl.DateTimeFormat('de', { weekday: 'long', timeZone: 'UTC' })
const MONTHS = new Intl.DateTimeFormat('de', { day: 'numeric', month: 'short', timeZone: 'UTC' })

const splitWords = (text: string): string[] => text.match(/\p{L}[\p{L}\p{N}.@_'’-]*/gu) ?? []

/** What the language says without a catalogue: how symbols are spelled, days, months, and the zone of the servers. */
const SAID = new Set([
  ...Object.values(SPELLING.de).flatMap(splitWords),
  ...Array.from({ length: 7 }, (_, day) => DAYS.format(Date.UTC(2026, 0, day + 1))),
  ...Array.from({ length: 12 }, (_, month) => MONTHS.format(Date.UTC(2026, month, 1))).flatMap(splitWords),
  'UTC',
])

/** Words on the page that come neither from the catalogue nor from the data. */
export async function findUntranslated(page: Page, data: ReadonlySet<string>): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement as HTMLElement
      // Times are the browser's own; a switch names its language in that language; what a machine is told is no language.
      if (element.closest('time, [lang]:not(html), code, kbd, pre, script, style, noscript, textarea')) continue
      // A group of a code.
      if (/^[0-9A-Z]{4,}$/.test(node.textContent as string)) continue
      if (element.checkVisibility()) found.push(node.textContent as string)
    }
    for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) {
      if (element.closest('time, [lang]:not(html), [aria-hidden=true]')) continue
      for (const name of ['aria-label', 'title', 'placeholder', 'alt']) found.push(element.getAttribute(name) ?? '')
    }
    return found
  })
  return texts.flatMap((text) => {
    let outside = isProblemCode(text) ? '' : text.replace(/https?:\/\/\S+/g, ' ')
    // From the inside out: what is filled in may be a text too.
    while (/⟦[^⟦⟧]*⟧/.test(outside)) outside = outside.replace(/⟦[^⟦⟧]*⟧/g, ' ')
    const strange = splitWords(outside).filter((word) => word.length > 1 && !data.has(word) && !SAID.has(word))
    return strange.length > 0 ? [`${text} (${strange.join(', ')})`] : []
  })
}
