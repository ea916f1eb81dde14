import { writeHex } from '@unlatch/card'
import type { ReaderCard, ReaderSight } from '@unlatch/contract'
import { Problem } from '@unlatch/contract'
import { type CardConnection, type CardReaders, ReaderError, type ReaderState } from './ports.ts'
import { readCard } from './read-card.ts'
import { seeCard } from './see-card.ts'

/** How often a card that another program holds is looked at again, and after which pause. */
const LOOKS = 10
const PAUSE_MS = 400

/**
 * Follows the readers of this computer and tells what is in them: each card is read once for each insertion, without touching
 * a counter; one that another program holds is looked at again.
 */
export class CardWatch {
  readonly #readers: CardReaders
  readonly #tell: (seen: readonly ReaderSight[]) => void
  readonly #known = new Map<string, ReaderCard>()
  readonly #endWatch: () => void
  #turn: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(readers: CardReaders, tell: (seen: readonly ReaderSight[]) => void) {
    this.#readers = readers
    this.#tell = tell
    this.#endWatch = readers.watch(() => this.#follow())
    this.#follow()
  }

  #follow(): void {
    this.#turn = this.#turn.then(() => this.#look()).catch(() => {})
  }

  /** Something happened to the card in a reader: it is read once more. */
  lookAgain(reader: string): void {
    for (const key of this.#known.keys()) if (key.startsWith(`${reader}\n`)) this.#known.delete(key)
    this.#follow()
  }

  close(): void {
    this.#isClosed = true
    this.#endWatch()
  }

  async #look(): Promise<void> {
    if (this.#isClosed) return
    const states = await this.#readers.list().catch(() => [])
    const seen: ReaderSight[] = []
    for (const state of states) seen.push({ name: state.name, card: state.hasCard ? await this.#see(state) : null })
    const here = new Set(states.filter(({ hasCard }) => hasCard).map(keyOf))
    for (const key of this.#known.keys()) if (!here.has(key)) this.#known.delete(key)
    if (!this.#isClosed) this.#tell(seen)
  }

  async #see(state: ReaderState): Promise<ReaderCard> {
    const known = this.#known.get(keyOf(state))
    if (known) return known
    for (let look = 0; look < LOOKS && !this.#isClosed; look++) {
      try {
        const seen = await this.#read(state.name)
        this.#known.set(keyOf(state), seen)
        return seen
      } catch (error) {
        const isHeld = error instanceof Problem && error.code === 'reader-in-use'
        if (!isHeld && !(error instanceof ReaderError && error.code === 'in-use')) break
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      }
    }
    return UNKNOWN
  }

  async #read(reader: string): Promise<ReaderCard> {
    const connection = await this.#readers.connect(reader)
    try {
      const { recognised, cardUuid, hardwareNumber } = await seeCard(connection)
      const { application = 'unknown', family: kind = null, version } = recognised
      const firmware = version?.join('.') ?? null
      const sight: ReaderCard = { kind, firmware, family: application, cardUuid, hardwareNumber, isBlocked: null }
      return cardUuid === null || application === 'unknown' ? sight : { ...sight, ...(await read(connection)) }
    } finally {
      await connection.disconnect()
    }
  }
}

/** What an unblock would know of a card with an identifier; nothing where it cannot be read so. */
async function read(connection: CardConnection): Promise<Partial<ReaderCard>> {
  try {
    const { family, cardUuid, isBlocked } = await readCard(connection)
    return { family, cardUuid: writeHex(cardUuid), isBlocked }
  } catch (error) {
    if (error instanceof ReaderError) throw error
    return {}
  }
}

const UNKNOWN: ReaderCard = {
  kind: null,
  firmware: null,
  family: 'unknown',
  cardUuid: null,
  hardwareNumber: null,
  isBlocked: null,
}

const keyOf = ({ name, insertion }: ReaderState) => `${name}\n${insertion ?? 0}`
