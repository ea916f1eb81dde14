import { chooseLanguage, LANGUAGES, type Language } from '@unlatch/contract'
import type { Messages } from '@unlatch/contract/messages'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

/** Each catalogue is a file of its own: a page loads the one that it shows. */
const CATALOGUES: Record<Language, () => Promise<Messages>> = {
  en: async () => (await import('@unlatch/contract/messages/en')).en,
  de: async () => (await import('@unlatch/contract/messages/de')).de,
}

const KEPT_AS = 'unlatch-language'

/** Loads the catalogue of the language that was chosen here, else of the browser's; call once, before the page renders. */
export async function startTranslations(): Promise<void> {
  const language = chooseLanguage([readKept(), ...navigator.languages]) ?? LANGUAGES[0]
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false, // a catalogue is whole, or it does not compile
    resources: { [language]: { translation: await CATALOGUES[language]() } },
    interpolation: { escapeValue: false }, // React escapes
  })
  document.documentElement.lang = language
}

/** Shows the page in another language, now and whenever it is opened again in this browser. */
export async function changeLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await CATALOGUES[language]())
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  try {
    localStorage.setItem(KEPT_AS, language)
  } catch {
    // A browser that keeps nothing: the choice is good for this page.
  }
}

function readKept(): string {
  try {
    return localStorage.getItem(KEPT_AS) ?? ''
  } catch {
    return ''
  }
}
