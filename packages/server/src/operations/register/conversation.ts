import type { BlockCipher, Octets } from '@unlatch/card'
import { readHex } from '@unlatch/card'
import { type ResponseApdu, readResponse } from '@unlatch/card/iso7816'
import type { Variant } from '@unlatch/card/unblock'
import type { KeyOrder } from '../../ports/key-service.ts'
import type { PukCandidate, PukRecord } from '../../records/puk-records/puk-record.ts'

/**
 * A personalisation is a conversation: the server builds each command, the station relays it and sends back what the card
 * said. A script is a pure function from the state and those answers to the next round.
 */

/** What the next round consists of. */
export type Round<State> =
  | { readonly kind: 'commands'; readonly state: State; readonly commands: readonly Octets[] }
  /** A command that carries a secret: only the key service can write it. */
  | {
      readonly kind: 'key-command'
      readonly state: State
      readonly order: KeyOrder
      readonly before: readonly Octets[]
    }
  | { readonly kind: 'rehearsal'; readonly state: State; readonly variant: Variant; readonly key: Octets }
  | { readonly kind: 'done'; readonly state: State; readonly outcome: PersonalisationOutcome }
  /** `state` is kept: what the card refused once it is not asked again. */
  | {
      readonly kind: 'refused'
      readonly code: 'personalisation-refused' | 'card-key-unknown'
      readonly why: string
      readonly state: State
    }

/** What a personalised card is. */
export type PersonalisationOutcome =
  | {
      readonly kind: 'piv'
      /** What its PUK is now. */
      readonly puk: PukCandidate
      readonly form: PukRecord['form']
      /** False where the card takes no other PUK. */
      readonly isRotatable: boolean
      readonly triesLimit: number | null
      readonly isYubico: boolean
      /** What key 9B is now: a card without the command keeps what it came with. */
      readonly managementKey: { readonly cipher: BlockCipher; readonly generation: PukCandidate }
    }
  | { readonly kind: 'gids'; readonly triesLimit: number }

/** A station's answers as response APDUs; one that is none counts as a card that said nothing useful. */
export function readAnswers(answers: readonly string[]): ResponseApdu[] {
  return answers.map((hex) => {
    const octets = readHex(hex)
    return octets.length < 2 ? { data: new Uint8Array(0), sw: 0 } : readResponse(octets)
  })
}
