import { describe, expect, it } from 'vitest'
import { PROBLEMS } from '../problems.ts'
import { MESSAGES } from './index.ts'

/** Every text of a catalogue with its key. */
function listTexts(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : listTexts(value, `${path}${key}.`),
  )
}

describe.each(Object.entries(MESSAGES))('the words in %s', (language, messages) => {
  it('tell every problem in three whole sentences', () => {
    expect(Object.keys(messages.problems).sort()).toEqual(Object.keys(PROBLEMS).sort())
    for (const parts of Object.values(messages.problems)) {
      for (const part of Object.values(parts)) expect(part).toMatch(/^\S.*[.]$/)
    }
  })

  it('raise no voice and say nothing that helps nobody', () => {
    for (const [key, text] of listTexts(messages)) {
      expect(text, key).not.toMatch(/!|\ban error occurred\b|\bSW\b|\b6[0-9A-F]{3}\b/i)
      expect(text.trim(), key).not.toBe('')
    }
  })

  it('say what users say: the labels of the procedure', () => {
    const said = {
      en: ['Actions', 'Smart Card Unblock', 'Search', 'Challenge', 'Cryptogram'],
      de: ['Aktionen', 'Smartcard entsperren', 'Suchen', 'Challenge', 'Kryptogramm'],
    }
    const { menu, unblock } = messages.console
    const labels = [
      menu.actions,
      menu.unblock,
      unblock.search.submit,
      unblock.challenge.label,
      unblock.cryptogram.submit,
    ]
    expect(labels).toEqual(said[language as keyof typeof said])
    expect(messages.unblockScreen.blocked.submit).toBe('OK')
  })
})

/** What is filled into a text, in the order of the alphabet. */
const listVariables = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g))].sort()

it('every language fills the same into the same texts', () => {
  const english = listTexts(MESSAGES.en)
  for (const messages of Object.values(MESSAGES)) {
    const texts = new Map(listTexts(messages))
    expect([...texts.keys()].sort()).toEqual(english.map(([key]) => key).sort())
    for (const [key, text] of english) expect(listVariables(texts.get(key) as string), key).toEqual(listVariables(text))
  }
})
