import type { ConnectionKind, ProblemCode, SmtpSettings } from '@unlatch/contract'

/** A connection, ready to be used: with its secret, for this one call. */
export interface OpenConnection {
  readonly kind: ConnectionKind
  readonly smtp: SmtpSettings
  readonly secret: string | null
}

/** What is to reach a person. */
export interface Message {
  /** The same at each attempt, so that the other side knows what it has already. */
  readonly id: string
  readonly to: { readonly name: string; readonly email: string }
  readonly subject: string
  readonly text: string
}

/** What carries messages for one kind of connection. */
export interface Carrier {
  /**
   * Resolves when the other side took it.
   *
   * @throws DeliveryError, and nothing else.
   */
  send(connection: OpenConnection, message: Message): Promise<void>
}

/** Who carries what. */
export type Carriers = Readonly<Record<ConnectionKind, Carrier>>

/** It did not leave, or nobody knows. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly code: Extract<ProblemCode, `delivery-${string}`>
  /** Trying again changes nothing. */
  readonly isFinal: boolean

  /** @param message - what the other side said; shown to operators. */
  constructor(code: DeliveryError['code'], message: string, options: { isFinal?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.isFinal = options.isFinal ?? false
  }
}
