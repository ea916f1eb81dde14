import { type Language, MESSAGES } from '@unlatch/contract/messages'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

/** The language of the catalogue that the browser prefers. */
function findLanguage(): Language {
  const wanted = navigator.languages.map((tag) => tag.split('-')[0] as string)
  return (wanted.find((tag) => Object.hasOwn(MESSAGES, tag)) as Language | undefined) ?? 'en'
}

/** Loads the catalogue; call once, before the page renders. */
export async function startTranslations(): Promise<void> {
  const language = findLanguage()
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: Object.fromEntries(Object.entries(MESSAGES).map(([tag, messages]) => [tag, { translation: messages }])),
    interpolation: { escapeValue: false }, // React escapes
  })
}
