import { expect, it } from 'vitest'
import { findLanguage } from './language.ts'

it.each([
  [{ LANG: 'de_DE.UTF-8' }, 'de'],
  [{ LANG: 'de_DE.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'de_AT@euro', LC_MESSAGES: 'fr_FR' }, 'de'],
  [{ LANG: 'de_DE', LC_ALL: 'C' }, 'en'],
  [{ LANG: '' }, 'en'],
  [{}, 'en'],
] as const)('%j asks for %s', (environment, language) => expect(findLanguage(environment)).toBe(language))
