import { ReaderError, type ReaderErrorCode } from '../../tasks/ports.ts'
import type { PcscFailure } from './pcsc-library.ts'

/** PC/SC's own codes get their meaning here. [winscard.h] */

export const SCARD_S_SUCCESS = 0
const SCARD_E_TIMEOUT = 0x8010000a
const SCARD_E_SHARING_VIOLATION = 0x8010000b
const SCARD_E_UNKNOWN_READER = 0x80100009
const SCARD_E_NO_READERS_AVAILABLE = 0x8010002e

/** What a code means, whatever was being done. Codes that are not here are faults of the service. */
const MEANING: Readonly<Record<number, ReaderErrorCode>> = {
  [SCARD_E_UNKNOWN_READER]: 'no-reader',
  [SCARD_E_NO_READERS_AVAILABLE]: 'no-reader',
  [SCARD_E_SHARING_VIOLATION]: 'in-use',
  2148532247: 'removed', // SCARD_E_READER_UNAVAILABLE: the reader itself was unplugged
  2148532236: 'no-card', // SCARD_E_NO_SMARTCARD
  2148532239: 'no-card', // SCARD_E_PROTO_MISMATCH
  2148532325: 'no-card', // SCARD_W_UNSUPPORTED_CARD
  2148532326: 'no-card', // SCARD_W_UNRESPONSIVE_CARD
  2148532327: 'no-card', // SCARD_W_UNPOWERED_CARD
  2148532328: 'reset', // SCARD_W_RESET_CARD
  2148532329: 'removed', // SCARD_W_REMOVED_CARD
}

/** The error for a failed call. */
export function readerErrorOf(failure: PcscFailure): ReaderError {
  return new ReaderError(MEANING[failure.status] ?? 'service-stopped', { cause: failure })
}

/**
 * The error for a command that failed in flight. What is neither removal nor reset nor the service's end left the outcome
 * open: the command may have reached the card.
 */
export function commandErrorOf(failure: PcscFailure): ReaderError {
  const code = MEANING[failure.status] ?? (SERVICE_ENDED.has(failure.status) ? 'service-stopped' : 'torn')
  return new ReaderError(code === 'no-card' ? 'torn' : code, { cause: failure })
}

/** Invalid handle, no service, service stopped: after a restart every context and handle is dead. */
const SERVICE_ENDED: ReadonlySet<number> = new Set([0x80100003, 0x8010001d, 0x8010001e])

export const isTimeout = (status: number): boolean => status === SCARD_E_TIMEOUT
export const isUnknownReader = (status: number): boolean => status === SCARD_E_UNKNOWN_READER
export const isInUse = (status: number): boolean => status === SCARD_E_SHARING_VIOLATION
export const isWithoutReaders = (status: number): boolean => status === SCARD_E_NO_READERS_AVAILABLE
