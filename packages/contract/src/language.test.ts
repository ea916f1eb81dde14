import { expect, it } from 'vitest'
import { chooseLanguage } from './language.ts'

it.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'DE'], 'de'],
  [['en-GB', 'de'], 'en'],
  [['de_DE.UTF-8'], 'de'],
  [['deu', 'C', 'POSIX', ''], undefined],
  [[], undefined],
])('of %j the catalogue has %s', (wanted, language) => expect(chooseLanguage(wanted)).toBe(language))
