import { Group, Text, TextInput, Title } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { groupCode, type ScreenState } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { onEnter } from '../shared/on-enter.ts'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { SlowWords } from '../shared/slow-words.tsx'
import { writeTypedCode } from '../shared/typed-code.ts'
import { post } from './agent-connection.ts'
import { seal } from './seal.ts'
import { readTypedCryptogram } from './typed-cryptogram.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

interface CryptogramFieldProps {
  readonly attemptId: string
  readonly sealKey: string
  readonly challenge: NonNullable<ScreenState['challenge']>
  /** What the agent said of the last one. */
  readonly told: ScreenState['cryptogram']
  readonly isAccepted: boolean
  readonly onMoveOn: () => void
}

/** The cryptogram: sent as soon as it is whole, checked before the card sees anything. */
export function CryptogramField(props: CryptogramFieldProps) {
  const { t } = useTranslation()
  const { challenge, isAccepted } = props
  const [typed, setTyped] = useState('')
  const [sent, setSent] = useState('')
  const sending = useAction()
  const code = readTypedCryptogram(typed, challenge)
  const isJudged = sent !== '' && code.symbols === sent && !sending.isRunning && !isAccepted

  const send = () => {
    const { symbols } = readTypedCryptogram(typed, challenge)
    if (!code.isWhole || code.wrongGroups.length > 0 || symbols === sent || sending.isRunning || isAccepted) return
    setSent(symbols)
    void sending.run(async () => {
      const octets = new TextEncoder().encode(symbols)
      const sealed = await seal(props.sealKey, props.attemptId, 'cryptogram', octets)
      await post('/unblock/cryptogram', { attemptId: props.attemptId, sealed })
    })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each certain value
  useEffect(() => {
    if (code.isCertain) send()
  }, [code.symbols])
  const { onMoveOn } = props
  const [wasAccepted, setWasAccepted] = useState(isAccepted)
  useEffect(() => {
    if (!isAccepted || wasAccepted) return
    setWasAccepted(true)
    setTyped('')
    onMoveOn()
  }, [isAccepted, wasAccepted, onMoveOn])

  const isWrong =
    isJudged || code.wrongGroups.length > 0 || code.strangeSymbol !== undefined || code.symbols.length > code.wanted
  return (
    <section className={classes.step}>
      <Title order={2} size="h4">
        2. {t('unblockScreen.call.stepType')}
      </Title>
      {isAccepted ? null : (
        <TextInput
          size="lg"
          label={t('unblockScreen.call.cryptogram')}
          description={t(`unblockScreen.call.cryptogramHint.${challenge.form}`, { digits: code.wanted })}
          classNames={{ input: classes.codeInput as string }}
          value={typed}
          onChange={(event) =>
            setTyped(writeTypedCode(event.currentTarget, (symbols) => readTypedCryptogram(symbols, challenge).kind))
          }
          onKeyDown={onEnter(send)}
          onBlur={send}
          error={isWrong}
          aria-describedby="cryptogram-verdict"
          inputMode={challenge.form === 'masked' ? 'numeric' : 'text'}
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
        />
      )}
      <div id="cryptogram-verdict" role="status">
        {isAccepted ? (
          <Group gap="xs" className={classes.sign as string} data-tone="good">
            <IconCircleCheck aria-hidden />
            <Text fw={600}>{t('unblockScreen.call.accepted')}</Text>
          </Group>
        ) : (
          <Verdict {...props} code={code} isJudged={isJudged} isSending={sending.isRunning} wasSent={sent !== ''} />
        )}
      </div>
      {sending.failure !== undefined && sending.failure.code !== 'cryptogram-mistyped' && (
        <ProblemNotice problem={sending.failure} />
      )}
    </section>
  )
}

function Verdict(
  props: CryptogramFieldProps & {
    code: ReturnType<typeof readTypedCryptogram>
    isJudged: boolean
    isSending: boolean
    wasSent: boolean
  },
) {
  const { t } = useTranslation()
  const { code, told, isJudged } = props
  if (props.isSending) return <SlowWords>{t('unblockScreen.call.checking')}</SlowWords>
  // Before the first wrong one nobody needs to know how many there are.
  if (code.symbols === '') return told === null || !props.wasSent ? null : <EntriesLeft told={told} />
  if (code.strangeSymbol !== undefined)
    return <Wrong>{t('unblockScreen.call.strange', { symbol: code.strangeSymbol })}</Wrong>
  const wrong = isJudged && told !== null ? told.wrongGroups : code.wrongGroups
  const numbers = { typed: code.symbols.length, wanted: code.wanted }
  return (
    <>
      <ol className={classes.groups} aria-hidden>
        {groupCode(code.symbols, code.kind).map((group, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
          <li key={i} data-wrong={wrong.includes(i + 1) || undefined}>
            {wrong.includes(i + 1) && <IconAlertTriangle size={18} />}
            {group}
          </li>
        ))}
      </ol>
      {wrong.length > 0 && (
        <Wrong>
          {t(wrong.length === 1 ? 'unblockScreen.call.wrongGroup' : 'unblockScreen.call.wrongGroups', {
            groups: wrong.join(', '),
          })}
        </Wrong>
      )}
      {isJudged && wrong.length === 0 && <Wrong>{t('unblockScreen.call.wrongAll')}</Wrong>}
      {isJudged && told !== null && <EntriesLeft told={told} />}
      {!isJudged && wrong.length === 0 && (
        <Text c="dimmed" mt="xs">
          {t(numbers.typed > numbers.wanted ? 'unblockScreen.call.tooLong' : 'unblockScreen.call.progress', numbers)}
        </Text>
      )}
    </>
  )
}

function Wrong(props: { children: string }) {
  return (
    <Text c="var(--mantine-color-error)" fw={600} mt="xs">
      {props.children}
    </Text>
  )
}

function EntriesLeft({ told }: { told: NonNullable<ScreenState['cryptogram']> }) {
  const { t } = useTranslation()
  return <Text mt="xs">{t('unblockScreen.call.entriesLeft', { count: told.entriesLeft })}</Text>
}
