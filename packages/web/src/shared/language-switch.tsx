import { Button } from '@mantine/core'
import { LANGUAGES, type Language } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { changeLanguage } from './translations.ts'

/** Changes to another language, each named in itself; the first choice is the browser's. */
export function LanguageSwitch() {
  const { i18n } = useTranslation()
  return LANGUAGES.filter((language) => language !== i18n.language).map((language) => (
    <Button
      key={language}
      lang={language}
      variant="subtle"
      color="gray"
      size="compact-md"
      px={6}
      // It begins with what is seen: who speaks to a program says that.
      aria-label={`${language.toUpperCase()}, ${nameLanguage(language)}`}
      title={nameLanguage(language)}
      onClick={() => void changeLanguage(language)}
    >
      {language.toUpperCase()}
    </Button>
  ))
}

/** `Deutsch`, `German`: what a language is called, in itself or in another. */
export const nameLanguage = (language: Language, inLanguage: string = language): string =>
  new Intl.DisplayNames(inLanguage, { type: 'language' }).of(language) as string
