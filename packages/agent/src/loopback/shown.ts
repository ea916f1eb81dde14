import type { PinPolicy, Problem, ProblemCode, ScreenState, UnblockJob } from '@unlatch/contract'
import type { ConnectedUnblock } from '../tasks/unblock-connected.ts'
import { OfflineUnblock } from '../tasks/unblock-offline.ts'
import { SelfServiceUnblock } from '../tasks/unblock-self-service.ts'
import { UnblockWithPuc } from '../tasks/unblock-with-puc.ts'
import type { HolderDesk } from './holder-desk.ts'
import type { CardLook } from './look-at-card.ts'
import type { ScreenTools } from './screen-tools.ts'
import type { SignDesk } from './sign-desk.ts'

/** An attempt, whichever way it goes. */
export type Attempt = OfflineUnblock | UnblockWithPuc | ConnectedUnblock | SelfServiceUnblock

type Phase = ScreenState['phase']

/** Problems that are no failure of anybody: the page says what to do, and goes on by itself. */
const PHASE_OF: Partial<Record<ProblemCode, Phase>> = {
  'no-card': 'no-card',
  'card-removed': 'no-card',
  'card-not-issued': 'not-issued',
}

/** The card works, or works again. */
const WORKS: readonly Phase[] = ['not-blocked', 'changed']

/** What the unblock screen shows now. Every change goes through `set`, which wakes the page. */
export class Shown {
  phase: Phase = 'reading'
  card: ScreenState['card'] = null
  /** The card that works and was read last. */
  sighting: CardLook['sighting']
  /** The rules of the card that was read last. */
  policy: PinPolicy | undefined
  wrongGroups: number[] = []
  needsConsent = false
  receipt: string | null = null
  problem: { code: ProblemCode; facts: Record<string, unknown> } | null = null
  /** The last attempt was with the PUC: what goes on by itself does so without a call. */
  isWithPuc = false
  /** The last attempt was one that an operator asked for. */
  isAttended = false
  /** The last attempt was its holder's own. */
  isSelfService = false
  /** Whether the holder of the card that was read last may unblock it himself. */
  selfService: ScreenState['selfService'] = null
  /** Where the way that is under way is answered. */
  elsewhere: NonNullable<ScreenState['authentication']>['elsewhere'] = null
  readonly #tools: ScreenTools
  readonly #onChange: () => void

  constructor(tools: ScreenTools, onChange: () => void) {
    this.#tools = tools
    this.#onChange = onChange
  }

  /** By what the attempt goes that begins now. */
  setWay(way: 'telephone' | 'puc' | 'attended' | 'self-service'): void {
    this.isWithPuc = way === 'puc'
    this.isAttended = way === 'attended'
    this.isSelfService = way === 'self-service'
  }

  set(phase: Phase): void {
    this.phase = phase
    this.#onChange()
  }

  /** Nothing of the attempt before. */
  clear(): void {
    this.wrongGroups = []
    this.needsConsent = false
    this.receipt = null
    this.problem = null
    this.elsewhere = null
  }

  /** What was seen in the readers. */
  see({ phase, card, sighting, policy, selfService }: CardLook): void {
    this.card = card
    this.sighting = sighting
    this.selfService = selfService
    if (card) this.policy = policy
    if (phase === 'blocked') this.problem = null
    this.set(phase)
  }

  fail({ code, facts }: Problem): void {
    this.receipt = typeof facts.receipt === 'string' ? facts.receipt : null
    this.problem = { code, facts }
    this.set(PHASE_OF[code] ?? 'failed')
  }

  get policyNow(): PinPolicy {
    return this.policy ?? this.#tools.configuration().pinPolicy
  }

  /** The same for the page, in its own shape: no secret is in it but a challenge. */
  write(beside: {
    readonly version: number
    readonly sealKey: string
    readonly desk: SignDesk
    readonly holder: HolderDesk
    readonly attempt: Attempt | undefined
    readonly asked: UnblockJob | undefined
  }): ScreenState {
    const { version, sealKey, desk, holder, attempt, asked } = beside
    const { phase } = this
    return {
      version,
      phase,
      ...writeAttempt(attempt, this.wrongGroups),
      sealKey,
      card: this.card,
      isWithPuc: this.isWithPuc,
      isAttended: this.isAttended,
      isSelfService: this.isSelfService,
      selfService: this.selfService,
      authentication: writeAuthentication(attempt, this.elsewhere),
      changeId: phase === 'not-blocked' || phase === 'working' ? (this.sighting?.changeId ?? null) : null,
      holder: this.#tools.connected && WORKS.includes(phase) ? holder.write() : null,
      pinTriesLeft: this.sighting?.triesLeft ?? null,
      needsConsent: this.needsConsent,
      receipt: this.receipt,
      sign: desk.write(),
      isSignCancelled: desk.isCancelled,
      asked: asked ? writeAsked(asked) : null,
      problem: this.problem,
      policy: writePolicy(this.policyNow),
      ...writePlace(this.#tools),
    }
  }
}

/** The attempt that runs. */
function writeAttempt(
  attempt: Attempt | undefined,
  wrongGroups: number[],
): Pick<ScreenState, 'attemptId' | 'puc' | 'challenge' | 'cryptogram'> {
  const call = attempt instanceof OfflineUnblock ? attempt : undefined
  return {
    attemptId: attempt?.attemptId ?? null,
    puc: attempt instanceof UnblockWithPuc ? { triesLeft: attempt.triesLeft ?? null } : null,
    challenge: call ? { code: call.way.challenge, form: call.way.form } : null,
    cryptogram: call ? { entriesLeft: call.entriesLeft, wrongGroups } : null,
  }
}

/** Who the holder is taken for, and what he may show. */
function writeAuthentication(
  attempt: Attempt | undefined,
  elsewhere: NonNullable<ScreenState['authentication']>['elsewhere'],
): ScreenState['authentication'] {
  if (!(attempt instanceof SelfServiceUnblock)) return null
  const { personName, cardLabel, printedSerial, count, ways, until } = attempt.view
  const isAsked = ways.some(({ way, state }) => way === elsewhere?.way && state === 'asked')
  return { personName, cardLabel, printedSerial, count, ways, elsewhere: isAsked ? elsewhere : null, until }
}

/** Who asks, and for whose card. */
const writeAsked = ({ operatorName, personName, cardLabel, printedSerial, isRemote, code }: UnblockJob) => {
  return { operatorName, personName, cardLabel, printedSerial, isRemote, code }
}

/** The rules, for the page to tick off. */
const writePolicy = ({ personal, ...policy }: PinPolicy): ScreenState['policy'] => ({
  ...policy,
  blockList: [...policy.blockList],
  ...(personal && { personal: { saltHex: personal.saltHex, hashes: [...personal.hashes] } }),
})

/** Whose agent it is, and whom to call. */
function writePlace({
  configuration,
  isConfigured,
  panel,
}: ScreenTools): Pick<ScreenState, 'isConfigured' | 'helpDeskPhone' | 'organisation' | 'virtualReader'> {
  const { helpDeskPhone, organisation } = configuration()
  return {
    isConfigured: isConfigured(),
    helpDeskPhone: helpDeskPhone || null,
    organisation: organisation || null,
    virtualReader: panel ? { inserted: panel.inserted(), cards: [...panel.cards] } : null,
  }
}
