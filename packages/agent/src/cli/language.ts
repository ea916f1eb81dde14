import { chooseLanguage, LANGUAGES, type Language } from '@unlatch/contract'

/** The language that the environment of a command asks for: of these three the first that says anything. [POSIX.1-2017, 8.2] */
export function findLanguage(environment: Readonly<Record<string, string | undefined>>): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment
  return chooseLanguage([LC_ALL || LC_MESSAGES || LANG || '']) ?? LANGUAGES[0]
}

/** The language of this terminal. */
export const LANGUAGE = findLanguage(process.env)
