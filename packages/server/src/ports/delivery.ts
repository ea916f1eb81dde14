import type { ConnectionDetails, DeliveryKind, Language, ProblemCode } from '@unlatch/contract'

/** A connection, ready to be used: with its secret, for this one call. */
export interface OpenConnection {
  readonly details: ConnectionDetails
  readonly secret: string | null
}

/** Words that are to reach a person: a code, a notice. */
export interface TextMessage {
  /** The same at each attempt, so that the other side knows what it has already. */
  readonly id: string
  readonly to: { readonly name: string; readonly email: string; readonly phone: string }
  readonly organisation: string
  readonly subject: string
  readonly text: string
}

/** What is to reach a person: a PUC, in the form that each kind of connection needs. */
export interface Message extends TextMessage {
  /** A test, whose PUC is made up. */
  readonly isTest: boolean
  /** In which it is written. */
  readonly language: Language
  readonly to: { readonly name: string; readonly email: string; readonly phone: string; readonly department: string }
  readonly card: { readonly label: string; readonly printedSerial: string }
  /** Eight digits. */
  readonly puc: string
  /** The same as the unblock screen of Windows takes it, for people to type; null where they are not told. */
  readonly windowsForm: string | null
  readonly helpDeskPhone: string
}

/** That a card was suspended, for whoever stops it elsewhere: a certification authority, a door system. */
export interface CardReport {
  /** The same at each attempt. */
  readonly id: string
  readonly type: 'card.suspended'
  readonly at: string
  readonly reason: 'not-me'
  readonly organisation: string
  readonly card: {
    readonly id: string
    readonly cardUuid: string
    readonly label: string
    readonly printedSerial: string
    readonly hardwareNumber: string | null
  }
  readonly holder: { readonly name: string; readonly userName: string }
}

/** What carries messages for one kind of connection. */
export interface Carrier {
  /**
   * Resolves when the other side took it.
   *
   * @throws DeliveryError, and nothing else.
   */
  send(connection: OpenConnection, message: Message): Promise<void>
  /**
   * The same for several at once, where a connection collects them: all of them, or none.
   *
   * @throws DeliveryError, and nothing else.
   */
  sendTogether?(connection: OpenConnection, messages: readonly Message[]): Promise<void>
  /**
   * Words alone, where a connection carries them: by mail, by a service for text messages.
   *
   * @throws DeliveryError, and nothing else.
   */
  sendText?(connection: OpenConnection, message: TextMessage): Promise<void>
  /**
   * What happened to a card, where a connection carries it. Resolves when the other side answered that it took it.
   *
   * @throws DeliveryError, and nothing else.
   */
  sendReport?(connection: OpenConnection, report: CardReport): Promise<void>
}

/** Who carries what. */
export type Carriers = Readonly<Record<DeliveryKind, Carrier>>

/** @throws DeliveryError for a directory: nothing leaves by one. */
export function carrierOf(carriers: Carriers, { kind }: ConnectionDetails): Carrier {
  if (kind !== 'directory') return carriers[kind]
  throw new DeliveryError('delivery-refused', 'nothing leaves by a directory', { isFinal: true })
}

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

/** Tells what happened to a card. @throws DeliveryError. */
export async function sendReport(carriers: Carriers, connection: OpenConnection, report: CardReport): Promise<void> {
  const carrier = carrierOf(carriers, connection.details)
  if (!carrier.sendReport)
    throw new DeliveryError('delivery-refused', 'this connection carries no reports', { isFinal: true })
  await carrier.sendReport(connection, report)
}

/** Sends words to a person. @throws DeliveryError. */
export async function sendText(carriers: Carriers, connection: OpenConnection, message: TextMessage): Promise<void> {
  const carrier = carrierOf(carriers, connection.details)
  if (!carrier.sendText)
    throw new DeliveryError('delivery-refused', 'this connection carries no words', { isFinal: true })
  await carrier.sendText(connection, message)
}
