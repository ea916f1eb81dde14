import { isEqual, type Octets } from '@unlatch/card'
import { ApduError, CLA_CHAINING, type CommandApdu, readCommand, TlvError, writeResponse } from '@unlatch/card/iso7816'
import { Refusal, SW } from './status-words.ts'
import type { VirtualCard, VirtualCardKind, VirtualCardState } from './virtual-card.ts'

/** What the layer of selection, chaining and GET RESPONSE asks of the application above it. */
export interface CardApplication {
  readonly kind: VirtualCardKind
  readonly atr: Octets
  readonly aid: Octets
  /** Answered to SELECT of another AID while this application is selected. */
  readonly unknownAid: number
  /** Answered when the data field is not the TLV it should be. */
  readonly malformed: number
  /** The application was named by a SELECT; returns the answer to it. */
  select(): Octets
  /** Everything but SELECT by AID, with chains joined; returns the data, or throws `Refusal`. */
  run(command: CommandApdu): Octets
  /** Forgets what does not outlive the power. */
  reset(): void
  save(): VirtualCardState
}

const INS_SELECT = 0xa4
const INS_GET_RESPONSE = 0xc0
/** A SELECT names the application from this length on: the RID alone. [SP 800-73-5 pt 1, 2.2] */
const SHORTEST_AID = 5
/** Data octets of a joined chain that the card has room for. */
const CHAIN_LIMIT = 8192

/**
 * A card with one application: ISO/IEC 7816-4's common part. Commands in short and extended form, command chaining (a
 * chain that another command interrupts is forgotten), answers longer than Le in pieces with `61xx`, SELECT by AID.
 *
 * @see [7816-4, 5.1.1, 5.1.3 and 7.1.1]
 */
export class ApplicationCard implements VirtualCard {
  readonly #application: CardApplication
  #isSelected = false
  #chain: CommandApdu | undefined
  #rest: Uint8Array = new Uint8Array(0)

  constructor(application: CardApplication) {
    this.#application = application
  }

  get kind(): VirtualCardKind {
    return this.#application.kind
  }

  get atr(): Octets {
    return this.#application.atr
  }

  reset(): void {
    this.#isSelected = false
    this.#chain = undefined
    this.#rest = new Uint8Array(0)
    this.#application.reset()
  }

  save(): VirtualCardState {
    return this.#application.save()
  }

  transmit(octets: Uint8Array): Octets {
    try {
      return this.#answer(readCommand(octets))
    } catch (error) {
      return writeResponse(this.#statusOf(error))
    }
  }

  #statusOf(error: unknown): number {
    if (error instanceof Refusal) return error.sw
    if (error instanceof ApduError) return SW.wrongLength
    if (error instanceof TlvError) return this.#application.malformed
    return SW.internal
  }

  #answer(command: CommandApdu): Octets {
    if ((command.cla & ~CLA_CHAINING) !== 0) {
      throw new Refusal((command.cla & 0x0c) === 0x0c ? SW.secureMessagingNotSupported : SW.unknownClass)
    }
    if (command.ins === INS_GET_RESPONSE) return this.#piece(this.#rest, command.le ?? 256)
    this.#rest = new Uint8Array(0)
    const joined = this.#join(command)
    if (joined === undefined) return writeResponse(SW.ok)
    const answer = this.#run(joined)
    return this.#piece(answer, joined.le ?? 256)
  }

  /** The whole command once its last fragment is there; a fragment of another command starts anew. */
  #join(command: CommandApdu): CommandApdu | undefined {
    const begun = this.#chain
    this.#chain = undefined
    const continues =
      begun !== undefined && begun.ins === command.ins && begun.p1 === command.p1 && begun.p2 === command.p2
    const data = new Uint8Array([...((continues && begun.data) || []), ...(command.data ?? [])])
    if (data.length > CHAIN_LIMIT) throw new Refusal(SW.wrongLength)
    const cla = command.cla & ~CLA_CHAINING
    const joined = continues ? { ...command, cla, data } : { ...command, cla }
    if ((command.cla & CLA_CHAINING) === 0) return joined
    if (!this.#isSelected) throw new Refusal(SW.notAllowed)
    this.#chain = joined
    return undefined
  }

  #run(command: CommandApdu): Octets {
    if (command.ins === INS_SELECT && command.p1 === 0x04) return this.#select(command)
    if (!this.#isSelected) throw new Refusal(SW.notAllowed)
    return this.#application.run(command)
  }

  /** An AID may be cut on the right; an unknown one changes nothing. [SP 800-73-5 pt 2, 3.1.1] */
  #select(command: CommandApdu): Octets {
    const { aid, unknownAid } = this.#application
    const asked = command.data ?? new Uint8Array(0)
    const isOurs = asked.length >= SHORTEST_AID && isEqual(asked, aid.subarray(0, asked.length))
    if (!isOurs) throw new Refusal(this.#isSelected ? unknownAid : SW.notFound)
    this.#isSelected = true
    const answer = this.#application.select()
    return (command.p2 & 0x0c) === 0x0c ? new Uint8Array(0) : answer
  }

  /** The first `le` octets of an answer; what is left waits for GET RESPONSE. */
  #piece(answer: Uint8Array, le: number): Octets {
    const now = answer.subarray(0, le)
    this.#rest = answer.subarray(le)
    const waiting = this.#rest.length
    return writeResponse(waiting === 0 ? SW.ok : 0x6100 + (waiting > 255 ? 0 : waiting), now)
  }
}
