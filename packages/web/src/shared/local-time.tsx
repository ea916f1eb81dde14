import { useTranslation } from 'react-i18next'

/** A time in the viewer's zone; the exact one on hover. */
export function LocalTime(props: { at: string }) {
  const { i18n } = useTranslation()
  const moment = new Date(props.at)
  const short = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' })
  const exact = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeStyle: 'long' })
  return (
    <time dateTime={props.at} title={exact.format(moment)}>
      {short.format(moment)}
    </time>
  )
}
