import { isProblemCode } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'

/** A problem's code as the sentence that says what happened. */
export function useWhy(): (code: string) => string {
  const { t } = useTranslation()
  return (code) => (isProblemCode(code) ? t(`problems.${code}.happened`) : t('shared.errorCode', { code }))
}
