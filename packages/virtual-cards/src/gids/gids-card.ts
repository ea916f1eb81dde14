import { type Octets, readHex } from '@unlatch/card'
import type { CommandApdu } from '@unlatch/card/iso7816'
import type { CardApplication } from '../application-card.ts'
import { ownAtr } from '../piv/piv-profile.ts'
import { Refusal, SW } from '../status-words.ts'
import { generalAuthenticate, manageSecurityEnvironment } from './admin-authentication.ts'
import { activateFile, createFile, getDataObject, putDataObject, selectFile } from './files.ts'
import { APPLICATION_FILE, type GidsContext, type GidsSession } from './gids-session.ts'
import type { GidsState } from './gids-state.ts'
import { changeReference, resetRetryCounter, verify } from './pin-commands.ts'

type GidsCommand = (context: GidsContext, command: CommandApdu) => Octets

const COMMANDS: Readonly<Record<number, GidsCommand>> = {
  32: verify,
  34: manageSecurityEnvironment,
  36: changeReference,
  44: resetRetryCounter,
  68: activateFile,
  135: generalAuthenticate,
  164: selectFile,
  203: getDataObject,
  219: putDataObject,
  224: createFile,
}

const newSession = (): GidsSession => ({
  isPinVerified: false,
  isAdministrator: false,
  isKeySelected: false,
  challenge: undefined,
  currentFile: APPLICATION_FILE,
})

/**
 * A GIDS card, version 2, with an admin key and no PUK: files of data objects, PIN, external and mutual authentication of
 * the administrator, unblock. The part left out is the cardholder's own key pairs and certificates.
 *
 * @see [GidsApplet]
 */
export class GidsCard implements CardApplication {
  readonly kind = 'gids'
  readonly atr = readHex(ownAtr('UnlatchGIDS'))
  readonly aid = readHex('A0000003974254465902')
  readonly unknownAid = SW.notFound
  readonly malformed = SW.invalidData
  readonly #state: GidsState
  readonly #random: (length: number) => Uint8Array
  #session = newSession()

  constructor(state: GidsState, random: (length: number) => Uint8Array) {
    this.#state = state
    this.#random = random
  }

  /** Selecting clears every authentication and challenge: it is the application's transient memory. */
  select(): Octets {
    this.reset()
    return readHex('61124F0BA00000039742544659020173034001C0')
  }

  reset(): void {
    this.#session = newSession()
  }

  save(): GidsState {
    return structuredClone(this.#state)
  }

  run(command: CommandApdu): Octets {
    const run = COMMANDS[command.ins]
    if (!run) throw new Refusal(SW.unknownInstruction)
    return run({ state: this.#state, session: this.#session, random: this.#random }, command)
  }
}
