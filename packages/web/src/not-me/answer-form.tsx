import { Button, Radio, Stack, Text } from '@mantine/core'
import { NOTICE_ANSWERS, type NoticeAnswer } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './not-me.module.css'

/** Two choices, neither of them marked; nothing is sent while none is chosen. */
export function AnswerForm(props: { onAnswer: (answer: NoticeAnswer) => Promise<void> }) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<NoticeAnswer>()
  const [isMissing, setMissing] = useState(false)
  const [isSending, setSending] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setMissing(chosen === undefined)
    if (chosen === undefined || isSending) return
    setSending(true)
    await props.onAnswer(chosen)
    setSending(false)
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Radio.Group
          label={t('notices.page.question')}
          value={chosen ?? null}
          onChange={(value) => {
            setChosen(NOTICE_ANSWERS.find((one) => one === value))
            setMissing(false)
          }}
          error={isMissing && t('notices.page.choose')}
        >
          <Stack gap="sm" my="xs" className={classes.choices as string}>
            <Radio value="me" label={t('notices.page.me')} />
            <Radio value="not-me" label={t('notices.page.notMe')} />
          </Stack>
        </Radio.Group>
        <Text>{t('notices.page.notMeMeans')}</Text>
        <div>
          <Button type="submit" size="md" loading={isSending}>
            {t('notices.page.send')}
          </Button>
        </div>
      </Stack>
    </form>
  )
}
