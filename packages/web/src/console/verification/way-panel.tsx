import { Checkbox, NativeSelect, Paper, Stack, Text, TextInput } from '@mantine/core'
import {
  type AddressKind,
  DOCUMENT_KINDS,
  type DocumentKind,
  type PersonDetails,
  type ProblemCode,
  type VerificationView,
  type VerificationWay,
  type WayView,
} from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiFailure, toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { PanelButton } from './panel-button.tsx'
import type { VerificationState } from './use-verification.ts'
import classes from './verification.module.css'

interface PanelProps {
  readonly way: VerificationWay
  readonly view: VerificationView
  readonly person: PersonDetails
  readonly verification: VerificationState
  /** The way was met. */
  readonly onMet: () => void
}

/** Where it is found. */
export const PANEL_ID = 'verification-panel'

/** What is to be done for one way. */
export function WayPanel(props: PanelProps) {
  const { t } = useTranslation()
  const asked = props.view.open?.ways.findLast(({ way, state }) => way === props.way && state === 'asked')
  const title = t(`verification.ways.${props.way}.label`)
  return (
    <Paper withBorder p="md" component="section" aria-label={title} id={PANEL_ID}>
      {(props.way === 'in-person' || props.way === 'video') && <SightingForm {...props} />}
      {(props.way === 'call-back' || props.way === 'address-code') &&
        (asked ? <AnswerForm {...props} asked={asked} /> : <SendForm {...props} />)}
      {(props.way === 'manager' || props.way === 'passkey') && <AskForm {...props} asked={asked} />}
    </Paper>
  )
}

/** One thing at a time, and what went wrong with it. */
function useTry() {
  const [isPending, setPending] = useState(false)
  const [failure, setFailure] = useState<ApiFailure>()
  const run = async (action: () => Promise<unknown>, onDone?: () => void) => {
    setPending(true)
    setFailure(undefined)
    try {
      await action()
      onDone?.()
    } catch (thrown) {
      setFailure(toFailure(thrown))
    } finally {
      setPending(false)
    }
  }
  return { isPending, failure, run }
}

/** Where a word or a code goes to. */
function SendForm({ way, view, person, verification }: PanelProps) {
  const { t } = useTranslation()
  const { isPending, failure, run } = useTry()
  const kinds: readonly AddressKind[] =
    way === 'call-back' ? ['email', 'secondEmail'] : ['secondEmail', 'phone', 'email']
  const addresses = view.addresses.filter(({ kind }) => kinds.includes(kind))
  const first = kinds.find((kind) => addresses.some((address) => address.kind === kind && address.obstacle === null))
  const [chosen, setChosen] = useState(first)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const address = chosen ?? first
    if (address === undefined) return
    void run(() =>
      way === 'call-back' && address !== 'phone'
        ? verification.begin({ way: 'call-back', address })
        : verification.begin({ way: 'address-code', address }),
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {way === 'call-back' && (
          <Text>
            {t('verification.callBack.dial')} <span className={classes.phone}>{person.phone}</span>
          </Text>
        )}
        <NativeSelect
          className={classes.field as string}
          label={t(way === 'call-back' ? 'verification.callBack.where' : 'verification.code.where')}
          value={chosen ?? ''}
          onChange={(event) => setChosen(event.currentTarget.value as AddressKind)}
          data={addresses.map(({ kind, address, obstacle }) => ({
            value: kind,
            label:
              address === ''
                ? t(`verification.addresses.${kind}`)
                : `${t(`verification.addresses.${kind}`)}: ${address}`,
            disabled: obstacle !== null,
          }))}
        />
        {addresses.map(
          ({ kind, obstacle }) =>
            obstacle !== null &&
            obstacle !== 'address-missing' && (
              <Text key={kind} size="sm" c="dimmed">
                {t(`verification.addresses.${kind}`)}: {t(`problems.${obstacle as ProblemCode}.happened`)}
              </Text>
            ),
        )}
        {failure !== undefined && <ProblemNotice problem={failure} />}
        <PanelButton isPending={isPending}>
          {t(way === 'call-back' ? 'verification.callBack.send' : 'verification.code.send')}
        </PanelButton>
      </Stack>
    </form>
  )
}

/** What the caller reads back. */
function AnswerForm({ way, verification, onMet, asked, person }: PanelProps & { asked: WayView }) {
  const { t } = useTranslation()
  const { isPending, failure, run } = useTry()
  const [said, setSaid] = useState('')
  const isWords = way === 'call-back'
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (said.trim() !== '') void run(() => verification.answer(asked.id, said), onMet)
      }}
    >
      <Stack gap="sm">
        <Text>{t('verification.sentTo', { address: asked.sentTo ?? '' })}</Text>
        {isWords && (
          <Text>
            {t('verification.callBack.dial')} <span className={classes.phone}>{person.phone}</span>
          </Text>
        )}
        <TextInput
          className={classes.field as string}
          size="md"
          label={t(isWords ? 'verification.callBack.said' : 'verification.code.said')}
          description={t(isWords ? 'verification.callBack.saidHint' : 'verification.code.saidHint')}
          value={said}
          onChange={(event) => setSaid(event.currentTarget.value)}
          inputMode={isWords ? 'text' : 'numeric'}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
        {failure !== undefined && (
          <ProblemNotice problem={failure}>
            {failure.code === 'verification-code-wrong' && asked.triesLeft !== null && (
              <Text inherit>{t('verification.triesLeft', { count: asked.triesLeft })}</Text>
            )}
          </ProblemNotice>
        )}
        <PanelButton isPending={isPending}>{t('verification.check')}</PanelButton>
      </Stack>
    </form>
  )
}

/** Somebody else answers: the manager, or the person at another device. */
function AskForm({ way, view, verification, asked }: PanelProps & { asked: WayView | undefined }) {
  const { t } = useTranslation()
  const { isPending, failure, run } = useTry()
  const readOut = verification.readOutOf(asked?.id)
  const kind = way === 'manager' ? 'manager' : 'passkey'
  return (
    <Stack gap="sm">
      <Text role={asked ? 'status' : undefined}>
        {t(asked ? `verification.${kind}.waiting` : `verification.${kind}.lead`, { manager: view.managerName })}
      </Text>
      {readOut !== null && <span className={classes.phone}>{readOut}</span>}
      {asked?.sentTo != null && (
        <Text size="sm" c="dimmed">
          {t('verification.sentTo', { address: asked.sentTo })}
        </Text>
      )}
      {failure !== undefined && <ProblemNotice problem={failure} />}
      {asked === undefined && (
        <PanelButton isPending={isPending} onClick={() => run(() => verification.begin({ way: kind }))}>
          {t(`verification.${kind}.ask`, { manager: view.managerName })}
        </PanelButton>
      )}
    </Stack>
  )
}

/** What the operator saw with his own eyes. */
function SightingForm({ way, verification, onMet }: PanelProps) {
  const { t } = useTranslation()
  const { isPending, failure, run } = useTry()
  const [document, setDocument] = useState<DocumentKind | ''>('')
  const [badge, setBadge] = useState('')
  const [isSameFace, setSameFace] = useState(false)
  const [isTried, setTried] = useState(false)
  const isInPerson = way === 'in-person'
  const isWhole = isSameFace && (isInPerson ? document !== '' : badge.trim() !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (!isWhole) return
    void run(
      () =>
        verification.attest(
          isInPerson
            ? { way: 'in-person', document: document as DocumentKind, isSameFace: true }
            : { way: 'video', badge: badge.trim(), isSameFace: true },
        ),
      onMet,
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {isInPerson ? (
          <NativeSelect
            className={classes.field as string}
            label={t('verification.inPerson.document')}
            value={document}
            onChange={(event) => setDocument(event.currentTarget.value as DocumentKind | '')}
            data={[
              { value: '', label: t('verification.inPerson.choose') },
              ...DOCUMENT_KINDS.map((kind) => ({ value: kind, label: t(`verification.documents.${kind}`) })),
            ]}
            error={isTried && document === '' && t('verification.inPerson.documentMissing')}
          />
        ) : (
          <TextInput
            className={classes.field as string}
            label={t('verification.video.badge')}
            description={t('verification.video.badgeHint')}
            value={badge}
            onChange={(event) => setBadge(event.currentTarget.value)}
            autoComplete="off"
            error={isTried && badge.trim() === '' && t('verification.video.badgeMissing')}
          />
        )}
        <Checkbox
          label={t(isInPerson ? 'verification.inPerson.face' : 'verification.video.face')}
          checked={isSameFace}
          onChange={(event) => setSameFace(event.currentTarget.checked)}
          error={isTried && !isSameFace && t('verification.faceMissing')}
        />
        {failure !== undefined && <ProblemNotice problem={failure} />}
        <PanelButton isPending={isPending}>{t('verification.seen')}</PanelButton>
      </Stack>
    </form>
  )
}
