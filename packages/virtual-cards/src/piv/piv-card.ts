import { type Octets, readHex } from '@unlatch/card'
import type { CommandApdu } from '@unlatch/card/iso7816'
import type { CardApplication } from '../application-card.ts'
import { demand, SW } from '../status-words.ts'
import { generalAuthenticate } from './general-authenticate.ts'
import { generateKey } from './generate-key.ts'
import { getObject, putObject } from './objects.ts'
import { changeReference, resetRetryCounter, verify } from './pin-commands.ts'
import { PIV_AID, PIV_PROFILES, type PivCardKind, type PivProfile } from './piv-profile.ts'
import type { PivContext, PivSession } from './piv-session.ts'
import type { PivState } from './piv-state.ts'
import { runYubico } from './yubico.ts'

type PivCommand = (context: PivContext, command: CommandApdu) => Octets

/** [SP 800-73-5 pt 2, Table 2] */
const COMMANDS: Readonly<Record<number, PivCommand>> = {
  32: verify,
  36: changeReference,
  44: resetRetryCounter,
  71: generateKey,
  135: generalAuthenticate,
  203: getObject,
  219: putObject,
}

const INS_VERIFY = 0x20
const INS_SELECT = 0xa4

const newSession = (): PivSession => ({
  isPinVerified: false,
  isPinFresh: false,
  isAdministrator: false,
  challenge: undefined,
})

/**
 * The PIV card application of SP 800-73-5 part 2 without secure messaging, biometrics, pairing code and contactless rules;
 * with Yubico's extensions where the profile has them.
 */
export class PivCard implements CardApplication {
  readonly kind: PivCardKind
  readonly aid = PIV_AID
  readonly malformed = SW.wrongData
  readonly #profile: PivProfile
  readonly #state: PivState
  readonly #random: (length: number) => Uint8Array
  #session = newSession()

  constructor(state: PivState, random: (length: number) => Uint8Array) {
    this.kind = state.kind
    this.#state = state
    this.#profile = { ...PIV_PROFILES[state.kind], ...state.profile }
    this.#random = random
  }

  get atr(): Octets {
    return readHex(this.#profile.atrHex)
  }

  get unknownAid(): number {
    return this.#profile.unknownAid
  }

  /** Selecting again keeps the security status and kills an outstanding challenge. [SP 800-73-5 pt 2, 3.1.1] */
  select(): Octets {
    this.#session.challenge = undefined
    return readHex(this.#profile.selectAnswerHex)
  }

  reset(): void {
    this.#session = newSession()
  }

  save(): PivState {
    return structuredClone(this.#state)
  }

  run(command: CommandApdu): Octets {
    const context = { profile: this.#profile, state: this.#state, session: this.#session, random: this.#random }
    try {
      const answer = this.#dispatch(context, command)
      this.#session.isPinFresh = command.ins === INS_VERIFY && this.#session.isPinVerified
      return answer
    } catch (error) {
      this.#session.isPinFresh = false
      throw error
    } finally {
      this.#eraseIfExhausted()
    }
  }

  #dispatch(context: PivContext, command: CommandApdu): Octets {
    const standard = COMMANDS[command.ins]
    if (standard) return standard(context, command)
    demand(command.ins !== INS_SELECT, SW.wrongParameters)
    return runYubico(context, command)
  }

  #eraseIfExhausted(): void {
    const { pin, puk } = this.#state
    if (this.#profile.erasesKeysWhenExhausted && pin.left === 0 && puk.left === 0) this.#state.keys = {}
  }
}
