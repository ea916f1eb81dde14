import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { IconId } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type ConnectedReader, isProblemCode, type Signing } from '@unlatch/contract'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiFailure, toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { SlowWords } from '../../shared/slow-words.tsx'
import { keyOf, useReaders } from '../connected/use-readers.ts'
import { cancelSigning, readSigning } from './signing-api.ts'

/** How often it is looked whether the PIN was typed; and how long nobody waits any more. */
const LOOK_MS = 700
const LONGEST_MS = 130_000

/** What an operator card made: the same for a release and for the card's own enrolment. */
export interface Signed {
  readonly signingId: string
  readonly certificate: string
  readonly signature: string
}

/** Where one's card is. */
export interface Place {
  readonly agentId: string
  readonly reader: string
}

/** One's own card in a reader of some agent: it is chosen, and its PIN typed on that agent's page. */
export function CardSigning(props: {
  label: string
  /** Something else signs, or what is to be signed is not complete. */
  isBusy?: boolean
  /** Nothing else signs here: the button is where the keyboard is. */
  takesFocus?: boolean
  ask: (place: Place) => Promise<{ signingId: string }>
  onSigned: (signed: Signed) => void
  onFailed?: (thrown: unknown) => void
}) {
  const { t } = useTranslation()
  const { readers } = useReaders()
  const [picked, setPicked] = useState<string>()
  const filled = readers?.filter(({ obstacle }) => obstacle !== 'no-card') ?? []
  const chosen = filled.find((reader) => keyOf(reader) === picked) ?? guess(filled)
  const button = useRef<HTMLButtonElement>(null)
  const { takesFocus = false } = props
  const hasReader = filled.length > 0
  useEffect(() => {
    if (takesFocus && hasReader) button.current?.focus()
  }, [takesFocus, hasReader])
  const ending = useRef(new AbortController())
  useEffect(() => {
    const { current } = ending
    return () => current.abort()
  }, [])
  const sign = useMutation({
    mutationFn: async (place: Place) => waitFor((await props.ask(place)).signingId, ending.current.signal),
    gcTime: 0,
    onSuccess: props.onSigned,
    onError: (thrown) => props.onFailed?.(thrown),
  })
  const failure = sign.isError && <ProblemNotice problem={toFailure(sign.error)} />
  if (readers !== undefined && filled.length === 0)
    return (
      <Stack gap="sm">
        {failure}
        <Text c="dimmed">{t('operatorPin.noReader')}</Text>
      </Stack>
    )
  return (
    <Stack gap="sm">
      {failure}
      <Group align="end">
        <NativeSelect
          label={t('operatorPin.reader')}
          value={chosen && keyOf(chosen)}
          disabled={sign.isPending}
          onChange={(event) => setPicked(event.currentTarget.value)}
          data={filled.map((reader) => ({ value: keyOf(reader), label: `${reader.agentName} · ${reader.reader}` }))}
        />
        <Button
          ref={button}
          leftSection={<IconId aria-hidden size={18} />}
          loading={sign.isPending}
          disabled={props.isBusy === true}
          onClick={() => chosen && sign.mutate({ agentId: chosen.agentId, reader: chosen.reader })}
        >
          {props.label}
        </Button>
      </Group>
      {sign.isPending && <SlowWords>{t('operatorPin.typeThere', { agent: chosen?.agentName ?? '' })}</SlowWords>}
    </Stack>
  )
}

/** The card that is probably the operator's own: one that is not managed here, at a station. */
function guess(readers: readonly ConnectedReader[]): ConnectedReader | undefined {
  const foreign = readers.filter(({ card, kind }) => card === null && kind !== 'gids')
  return foreign.find(({ isStation }) => isStation) ?? foreign[0] ?? readers[0]
}

/**
 * Given up here - the dialog was closed, or nobody answers - the agent hears of it.
 *
 * @throws ApiFailure with how it ended otherwise.
 */
async function waitFor(signingId: string, signal: AbortSignal): Promise<Signed> {
  const giveUp = () => void cancelSigning(signingId).catch(() => {})
  const ended = await untilEnded(signingId, signal).catch((thrown) => {
    giveUp()
    throw thrown
  })
  const { state, problem, certificate, signature } = ended
  if (state === 'signed' && certificate !== null && signature !== null) return { signingId, certificate, signature }
  // An agent that went away may come back, and would still ask.
  if (problem === 'signing-interrupted') giveUp()
  throw new ApiFailure(isProblemCode(problem ?? '') ? { code: problem as 'pin-wrong' } : {})
}

async function untilEnded(signingId: string, signal: AbortSignal): Promise<Signing> {
  const until = Date.now() + LONGEST_MS
  while (Date.now() < until && !signal.aborted) {
    const signing: Signing = await readSigning(signingId, signal)
    if (signing.state !== 'asked') return signing
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  throw new ApiFailure({ code: 'signing-declined' })
}
