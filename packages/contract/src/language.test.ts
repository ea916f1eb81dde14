import { expect, it } from 'vitest'
import { chooseLanguage, readLanguage } from './language.ts'

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'DE'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['de_DE.UTF-8'], 'de'],
  [['deu', 'C', 'POSIX', ''], undefined],
  [[], undefined],
])('of %j the catalogue has %s', (wanted, language) => expect(chooseLanguage(wanted)).toBe(language))

it.each([
  ['de-DE, en;q=0.8', 'de'],
  ['fr, EN;q=0.5', 'en'],
  ['*', ''],
  ['', ''],
])('a directory that says %s says %s', (said, language) => expect(readLanguage(said)).toBe(language))
