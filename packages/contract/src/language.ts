/** The languages that the catalogue has, by BCP 47 tag; the first is for whoever wants none of them. */
export const LANGUAGES = ['en', 'de'] as const

/** A language of the catalogue. */
export type Language = (typeof LANGUAGES)[number]

/**
 * The language of the catalogue that is wanted first. Regions are passed over: `de-AT` is `de`.
 *
 * @param wanted BCP 47 tags, or what POSIX makes of them (`de_AT.UTF-8`), the most wanted first
 */
export function chooseLanguage(wanted: readonly string[]): Language | undefined {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split(/[-_.@]/)
    const language = LANGUAGES.find((one) => one === primary)
    if (language !== undefined) return language
  }
  return undefined
}

/** The language that an entry of a directory or a cell of a file names (`de-DE, en;q=0.8`); empty for one without a catalogue. */
export const readLanguage = (said: string): Language | '' => chooseLanguage(said.split(/[\s,;]+/)) ?? ''
