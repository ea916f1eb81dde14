import { Alert, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type NoticeAnswer, NoticeTold, ServerStatus } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiFailure, callApi, toFailure } from '../shared/call-api.ts'
import { PageSwitches } from '../shared/page-switches.tsx'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { ProductMark } from '../shared/product-mark.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { AnswerForm } from './answer-form.tsx'
import { Answered } from './answered.tsx'
import classes from './not-me.module.css'
import { NoticeFacts } from './notice-facts.tsx'

/** How often, and at most how many times, it is looked whether whoever stops the card elsewhere was told. */
const LOOK_MS = 3000
const LOOKS = 10

const readNotice = (token: string) =>
  callApi({ method: 'POST', path: '/api/not-me/notice', body: { token }, answer: NoticeTold })
const answerNotice = (token: string, answer: NoticeAnswer) =>
  callApi({ method: 'POST', path: '/api/not-me/answer', body: { token, answer }, answer: NoticeTold })
const readStatus = () => callApi({ method: 'GET', path: '/api/status', answer: ServerStatus })

/**
 * Where the link of a notice leads: what was done with a card, and whether its holder says that it was them. Nothing happens by
 * opening it: mail scanners open links, run what stands there, and submit forms.
 */
export function NotMePage({ token }: { token: string }) {
  const { t } = useTranslation()
  const [told, setTold] = useState<NoticeTold>()
  const [phone, setPhone] = useState('')
  const [failure, setFailure] = useState<ApiFailure>()
  const [looks, setLooks] = useState(0)
  useEffect(() => {
    document.title = t('notices.page.title')
    readStatus().then(
      ({ helpDeskPhone }) => setPhone(helpDeskPhone),
      () => {},
    )
  }, [t])
  useEffect(() => {
    if (token === '') return
    readNotice(token).then(setTold, (error) => setFailure(toFailure(error)))
  }, [token])
  const isWaiting = told?.report.state === 'waiting' && looks < LOOKS
  useEffect(() => {
    if (!isWaiting) return
    const timer = setTimeout(() => {
      setLooks(looks + 1)
      readNotice(token).then(setTold, () => {})
    }, LOOK_MS)
    return () => clearTimeout(timer)
  }, [isWaiting, looks, token])
  const answer = async (said: NoticeAnswer) => {
    setFailure(undefined)
    await answerNotice(token, said).then(setTold, (error) => setFailure(toFailure(error)))
  }
  return (
    <div className={classes.page}>
      <header className={classes.header}>
        <ProductMark name={t('shared.productName')} />
        <PageSwitches />
      </header>
      <main className={classes.main}>
        <Title order={1} size="h2">
          {t('notices.page.title')}
        </Title>
        {token === '' && <NoLink />}
        {token !== '' && told === undefined && failure === undefined && (
          <SlowWords>{t('notices.page.loading')}</SlowWords>
        )}
        {failure !== undefined && <ProblemNotice problem={failure} />}
        {told !== undefined && (
          <Stack gap="lg">
            {told.answer === null && <Text>{t('notices.page.lead')}</Text>}
            <NoticeFacts told={told} />
            {told.answer === null ? (
              <AnswerForm onAnswer={answer} />
            ) : (
              <Answered told={told} answer={told.answer} phone={phone} />
            )}
          </Stack>
        )}
        {told?.answer !== 'not-me' && <Help told={told} phone={phone} />}
      </main>
    </div>
  )
}

/** The address was cut off on its way. */
function NoLink() {
  const { t } = useTranslation()
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={t('notices.page.noLink')}
      role="alert"
    >
      {t('notices.page.noLinkNow')}
    </Alert>
  )
}

/** Whom to ask, whatever this page says. */
function Help({ told, phone }: { told: NoticeTold | undefined; phone: string }) {
  const { t } = useTranslation()
  if (told === undefined) return phone === '' ? null : <Text fw={600}>{t('notices.page.helpAlone', { phone })}</Text>
  const key = phone === '' ? 'helpWithoutPhone' : 'help'
  return <Text fw={600}>{t(`notices.page.${key}`, { phone, words: told.words })}</Text>
}
