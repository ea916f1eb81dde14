import { type HolderSession, Problem, type ProblemCode, type ScreenState } from '@unlatch/contract'
import { asProblem } from '../tasks/card-problems.ts'
import { openHolderSession } from '../tasks/open-holder-session.ts'
import type { ServerClient } from '../tasks/ports.ts'
import type { ScreenTools } from './screen-tools.ts'

type Shown = NonNullable<NonNullable<ScreenState['holder']>['session']>

/** The card that works, as the screen saw it last. */
export interface HolderCard {
  readonly changeId: string
  readonly reader: string
  readonly isStillHere: () => Promise<boolean>
}

/** What the desk asks of the screen around it. */
interface Surroundings {
  readonly tools: ScreenTools
  readonly onChange: () => void
  /** Takes hold of the card after whoever has it. */
  readonly take: (work: () => Promise<void>) => Promise<void>
  /** A PIN was tried: the card is looked at once more. */
  readonly onTried: (reader: string) => Promise<void>
}

/**
 * My Smartcard: a holder who typed the PIN of a card that works sees his cards and what he signs in with, and changes it. It is
 * over when the card goes.
 */
export class HolderDesk {
  readonly #around: Surroundings
  #session: HolderSession | undefined
  #shown: Shown | undefined
  #isWorking = false
  #problem: { code: ProblemCode; facts: Record<string, unknown> } | null = null

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** The PIN was typed; it is overwritten. Errors as `openHolderSession`. */
  open(card: HolderCard, pin: Uint8Array, hasConsent: boolean): Promise<void> {
    const { tools, take, onTried } = this.#around
    const { readers, now, connected } = tools
    return this.#work(async () => {
      if (!connected) throw new Problem('server-unreachable')
      await take(async () => {
        try {
          const wish = { readers, now, ...connected }
          this.#session = await openHolderSession(wish, card.reader, card.isStillHere, pin, hasConsent)
        } catch (error) {
          await onTried(card.reader)
          throw error
        } finally {
          pin.fill(0)
        }
      })
      await this.#load()
    })
  }

  /** What happened before what is shown. */
  earlier(): Promise<void> {
    return this.#do(async (server, sessionId, shown) => {
      if (shown.next === null) return
      const { events, next } = await server.holderCards({ sessionId, before: shown.next })
      this.#shown = { ...shown, events: [...shown.events, ...events], next }
    })
  }

  setUp(wish: { kind: 'totp' | 'hotp'; label: string }): Promise<void> {
    return this.#do(async (server, sessionId, shown) => {
      const drawn = await server.addOneTimePassword({ sessionId, ...wish })
      this.#shown = { ...shown, setUp: { ...drawn, ...wish } }
    })
  }

  /** The first code of what is being set up; overwritten. */
  confirm(oneTimePasswordId: string, code: Uint8Array): Promise<void> {
    return this.#do(async (server, sessionId) => {
      try {
        await server.confirmOneTimePassword({ sessionId, oneTimePasswordId }, code)
      } finally {
        code.fill(0)
      }
      await this.#load()
    })
  }

  /** One that is there, or one that is being set up and left. */
  removeOneTimePassword(oneTimePasswordId: string): Promise<void> {
    return this.#do(async (server, sessionId) => {
      await server.removeOneTimePassword({ sessionId, oneTimePasswordId })
      await this.#load()
    })
  }

  invitePasskey(): Promise<void> {
    return this.#do(async (server, sessionId, shown) => {
      this.#shown = { ...shown, invitation: await server.inviteOwnPasskey({ sessionId }) }
    })
  }

  /** The holder came back from the other device. */
  refresh(): Promise<void> {
    return this.#do(() => this.#load())
  }

  removePasskey(passkeyId: string): Promise<void> {
    return this.#do(async (server, sessionId) => {
      await server.removeOwnPasskey({ sessionId, passkeyId })
      await this.#load()
    })
  }

  /** The holder is done, or the card went. */
  leave(): void {
    const session = this.#session
    this.#session = undefined
    this.#shown = undefined
    this.#problem = null
    if (!session) return
    this.#around.tools.connected?.server.closeHolderSession({ sessionId: session.sessionId }).catch(() => {})
    this.#around.onChange()
  }

  write(): NonNullable<ScreenState['holder']> {
    // What was shown is not shown for longer than the server would answer for it.
    const isOver = this.#shown !== undefined && Date.parse(this.#shown.until) <= this.#around.tools.now().getTime()
    const session = isOver ? null : (this.#shown ?? null)
    return { session, isWorking: this.#isWorking, problem: this.#problem }
  }

  async #load(): Promise<void> {
    const session = this.#session
    const server = this.#around.tools.connected?.server
    if (!session || !server) return
    const { sessionId, personName, until } = session
    const [cards, signIn] = await Promise.all([server.holderCards({ sessionId }), server.holderSignIn({ sessionId })])
    // The card may have gone while the server was asked.
    if (this.#session === session)
      this.#shown = { personName, until, ...cards, ...signIn, setUp: null, invitation: null }
  }

  #do(work: (server: ServerClient, sessionId: string, shown: Shown) => Promise<void>): Promise<void> {
    const [session, shown, server] = [this.#session, this.#shown, this.#around.tools.connected?.server]
    if (!session || !shown || !server) return Promise.reject(new Problem('holder-session-over'))
    return this.#work(() => work(server, session.sessionId, shown))
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.#isWorking) throw new Problem('attempt-ended')
    this.#isWorking = true
    this.#problem = null
    this.#around.onChange()
    try {
      await work()
    } catch (error) {
      const told = asProblem(error)
      if (!(told instanceof Problem)) throw told
      this.#problem = { code: told.code, facts: told.facts }
      if (told.code === 'holder-session-over') {
        this.#session = undefined
        this.#shown = undefined
      }
      throw told
    } finally {
      this.#isWorking = false
      this.#around.onChange()
    }
  }
}
