/** A time of today in the viewer's zone. */
export const writeClock = (at: string, language: string): string =>
  new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(new Date(at))
