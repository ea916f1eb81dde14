import { Button, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type AgentCode, groupCode } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { CodeDisplay } from '../../shared/code-display.tsx'
import { LocalTime } from '../../shared/local-time.tsx'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { addAgent } from '../agent-api.ts'
import { Dialog } from '../dialog.tsx'
import { AgentFields, type AgentWish } from './agent-fields.tsx'
import styles from './agents.module.css'

const NOTHING: AgentWish = { name: '', isStation: false }

/** Adds an agent, then shows its code and what to type at that computer. */
export function AddAgentDialog(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [wish, setWish] = useState(NOTHING)
  const add = useMutation({
    mutationFn: () => addAgent(wish),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['agents'] }),
  })
  const close = () => {
    setWish(NOTHING)
    add.reset()
    props.onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!add.isPending) add.mutate()
  }
  const issued = add.data
  return (
    <Dialog
      title={issued ? t('agents.code.title', { name: wish.name }) : t('agents.addTitle')}
      isOpen={props.isOpen}
      onClose={close}
      isClosedByEscape={issued === undefined}
    >
      {issued !== undefined ? (
        <CodePanel issued={issued} onClose={close} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <Text>{t('agents.addLead')}</Text>
            {add.isError && <ProblemNotice problem={toFailure(add.error)} />}
            <AgentFields wish={wish} isInDialog onChange={setWish} />
            <Group justify="end">
              <Button variant="default" onClick={close}>
                {t('agents.cancel')}
              </Button>
              <Button type="submit" loading={add.isPending}>
                {t('agents.addSubmit')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}

function CodePanel({ issued, onClose }: { issued: AgentCode; onClose: () => void }) {
  const { t } = useTranslation()
  const [isCopied, setCopied] = useState(false)
  const code = groupCode(issued.code, 'set-up-code').join('-')
  const command = `unlatch agent enrol --server ${location.origin} --code ${code}`
  const copy = async () => {
    await navigator.clipboard.writeText(command)
    setCopied(true)
  }
  return (
    <Stack>
      <Text>
        {t('agents.code.lead')} <LocalTime at={issued.expiresAt} />.
      </Text>
      <CodeDisplay code={issued.code} kind="set-up-code" label={t('agents.code.label')} size="small" />
      <Text>{t('agents.code.typeThis')}</Text>
      <code className={styles.command}>{command}</code>
      <Text size="sm" c="dimmed">
        {t('agents.code.authority')}
      </Text>
      <Button
        variant="default"
        leftSection={isCopied ? <IconCheck aria-hidden size={18} /> : <IconCopy aria-hidden size={18} />}
        onClick={() => void copy()}
      >
        {t(isCopied ? 'agents.code.copied' : 'agents.code.copy')}
      </Button>
      <Button onClick={onClose} data-autofocus>
        {t('agents.code.close')}
      </Button>
    </Stack>
  )
}
