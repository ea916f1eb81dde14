import * as z from 'zod/mini'
import { AddOneTimePassword, HolderCards, HolderInvited, HolderSignIn, OneTimePasswordDrawn } from './holder-api.ts'
import { SignedByCard } from './operator-statement.ts'
import { SELF_SERVICE_WAYS, SelfServiceOffered } from './self-service-api.ts'

/**
 * What crosses the wire between the agent and its own pages on 127.0.0.1.
 *
 * Secrets (PIN, PUC, cryptogram) are sealed in the page for the agent's per-launch key: P-256 ECDH, HKDF-SHA-256 (salt empty, info
 * `unlatch/loopback/v1`), AES-256-GCM, associated data = attempt id ‖ `/` ‖ field.
 */

/** A secret sealed in the page: uncompressed point (65 bytes), IV (12 bytes), ciphertext with tag, in base64. */
export const Sealed = z.object({
  point: z.string().check(z.maxLength(100)),
  iv: z.string().check(z.maxLength(20)),
  ciphertext: z.string().check(z.maxLength(400)),
})
export type Sealed = z.infer<typeof Sealed>

/** `info` of the HKDF. */
export const SEAL_INFO = 'unlatch/loopback/v1'

/** Fields that may be sealed. */
export type SealedField =
  | 'cryptogram'
  | 'puc'
  | 'current-pin'
  | 'new-pin'
  | 'operator-pin'
  | 'authentication'
  | 'holder-pin'

/** Associated data of a sealed field. */
export const sealContext = (attemptId: string, field: SealedField): string => `${attemptId}/${field}`

export const PairToken = z.object({ token: z.string().check(z.maxLength(64)) })
export const Paired = z.object({ bearer: z.string() })

/** What the unblock screen shows; the page polls it by version. */
export const ScreenState = z.object({
  version: z.number(),
  /** `no-reader` · `no-card` · `reading` · `not-issued` · `not-blocked` · `blocked` · `challenge` · `new-pin` · `puc` · `working` · `done` · `changed` · `failed` */
  phase: z.enum([
    'no-reader',
    'no-card',
    'reading',
    'not-issued',
    'not-blocked',
    'blocked',
    'challenge',
    'asked',
    'new-pin',
    'operator',
    'authenticate',
    'puc',
    'working',
    'done',
    'changed',
    'failed',
  ]),
  /** The running attempt; null outside one. */
  attemptId: z.nullable(z.string()),
  /** Uncompressed point (65 bytes) in base64: what the page seals secrets for. */
  sealKey: z.string(),
  card: z.nullable(
    z.object({
      reader: z.string(),
      family: z.string(),
      /** `masked-puk`, `native-admin-key`; `none` for a card that turned out to be *PUC only*. */
      telephoneWay: z.string(),
      /** True for a card that has a PUC at all. */
      hasPuc: z.boolean(),
    }),
  ),
  /** The running attempt, or the last one, is with the PUC: nobody is on the telephone, and no challenge died. */
  isWithPuc: z.boolean(),
  /** The same for an unblock that an operator asked for. */
  isAttended: z.boolean(),
  /** The same for an unblock by its holder himself. */
  isSelfService: z.boolean(),
  /** Whether the holder may unblock this card himself; null while the server has not said. */
  selfService: z.nullable(z.object({ obstacle: z.nullable(z.string()) })),
  /** Who the holder is taken for, and how he may show that it is he; null outside such an attempt. */
  authentication: z.nullable(
    z.object({
      personName: z.string(),
      cardLabel: z.string(),
      printedSerial: z.string(),
      count: z.number(),
      ways: z.array(SelfServiceOffered),
      /** A way that is answered elsewhere: where, and by what code. */
      elsewhere: z.nullable(z.object({ way: z.enum(SELF_SERVICE_WAYS), url: z.string(), code: z.string() })),
      until: z.string(),
    }),
  ),
  /** The running attempt is with the PUC, which has so many tries left (null: the card does not tell); null for any other. */
  puc: z.nullable(z.object({ triesLeft: z.nullable(z.number()) })),
  challenge: z.nullable(z.object({ code: z.string(), form: z.enum(['masked', 'native']) })),
  /** Groups of the last cryptogram that were wrong, counted from 1; and tries of typing left. */
  cryptogram: z.nullable(z.object({ entriesLeft: z.number(), wrongGroups: z.array(z.number()) })),
  /** What a change of the PIN is sealed for: this card, in this insertion; null while none may be changed. */
  changeId: z.nullable(z.string()),
  /** My Smartcard: what its holder sees once he typed the PIN of a card that works; null while the card does not work. */
  holder: z.nullable(
    z.object({
      /** Null until the PIN was typed, and when the time is over. */
      session: z.nullable(
        z.object({
          personName: z.string(),
          until: z.string(),
          ...HolderCards.shape,
          ...HolderSignIn.shape,
          /** A one-time password that is being set up, with its secret; null otherwise. */
          setUp: z.nullable(
            z.object({ ...OneTimePasswordDrawn.shape, kind: z.enum(['totp', 'hotp']), label: z.string() }),
          ),
          /** Where a passkey is added; null until its holder asks. */
          invitation: z.nullable(HolderInvited),
        }),
      ),
      isWorking: z.boolean(),
      problem: z.nullable(z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()) })),
    }),
  ),
  /** Tries of the PIN left; null when the card does not tell. */
  pinTriesLeft: z.nullable(z.number()),
  /** Asked before the card's last try is spent. */
  needsConsent: z.boolean(),
  receipt: z.nullable(z.string()),
  /** An operator asks for the unblock of this card; null otherwise. */
  asked: z.nullable(
    z.object({
      operatorName: z.string(),
      personName: z.string(),
      cardLabel: z.string(),
      printedSerial: z.string(),
      /** Its holder is asked first, and compares `code` with what the operator says. */
      isRemote: z.boolean(),
      code: z.string(),
    }),
  ),
  /** An operator card is asked to sign this; null otherwise. What is shown here is what is signed. */
  sign: z.nullable(
    z.object({
      signId: z.string(),
      operatorName: z.string(),
      personName: z.string(),
      cardLabel: z.string(),
      printedSerial: z.string(),
      reader: z.string(),
      statement: SignedByCard,
      isWorking: z.boolean(),
      /** Tries of the PIN left; null when the card does not tell. */
      triesLeft: z.nullable(z.number()),
      problem: z.nullable(z.string()),
    }),
  ),
  /** The operator gave up the last signature in the console; shown until somebody closes it, another one is asked, or a minute passed. */
  isSignCancelled: z.boolean(),
  /** A problem code, with facts. */
  problem: z.nullable(z.object({ code: z.string(), facts: z.record(z.string(), z.unknown()) })),
  policy: z.object({
    version: z.number(),
    minLength: z.number(),
    maxLength: z.number(),
    longestRepeat: z.number(),
    longestSequence: z.number(),
    blockList: z.array(z.string()),
    personal: z.optional(z.object({ saltHex: z.string(), hashes: z.readonly(z.array(z.string())) })),
  }),
  /** False when no signed configuration is there and the preset is used: the screen says so. */
  isConfigured: z.boolean(),
  helpDeskPhone: z.nullable(z.string()),
  organisation: z.nullable(z.string()),
  /** The virtual reader's panel; null with real readers. */
  virtualReader: z.nullable(
    z.object({
      inserted: z.nullable(z.string()),
      cards: z.array(z.object({ id: z.string(), label: z.string(), holder: z.string() })),
    }),
  ),
})
export type ScreenState = z.infer<typeof ScreenState>

export const EnterCryptogram = z.object({ attemptId: z.string(), sealed: Sealed })
export const SetNewPin = z.object({ attemptId: z.string(), sealed: Sealed, consent: z.boolean() })
/** `puc` and the new PIN, both sealed for the running attempt. */
export const SetPinWithPuc = z.object({ attemptId: z.string(), puc: Sealed, sealed: Sealed, consent: z.boolean() })
/** The password of an account, a one-time password or an unblock code, sealed for the running attempt. */
export const Authenticate = z.object({
  attemptId: z.string(),
  way: z.enum(['domain', 'one-time-password', 'unblock-code']),
  sealed: Sealed,
})
/** `origin`: of this page, where a browser is sent back to. */
export const AuthenticateElsewhere = z.object({
  attemptId: z.string(),
  way: z.enum(['identity-provider', 'passkey']),
  origin: z.string().check(z.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/)),
})
/** What an identity provider sent the browser back with: the query, as it was. */
export const SignedInElsewhere = z.object({ query: z.string().check(z.maxLength(4000)) })
/** Where it sends the browser, at this agent. */
export const SIGNED_IN_PATH = '/self-service/signed-in'
export const ChangePin = z.object({ changeId: z.string(), current: Sealed, sealed: Sealed, consent: z.boolean() })
/** The PIN of a card that works, sealed for its `changeId`. */
export const OpenHolder = z.object({ changeId: z.string(), sealed: Sealed, consent: z.boolean() })
export const SetUpOneTimePassword = z.omit(AddOneTimePassword, { sessionId: true })
/** Its first code, sealed for it. */
export const ConfirmOneTimeCode = z.object({ oneTimePasswordId: z.string(), sealed: Sealed })
export const RemoveOwnOneTimePassword = z.object({ oneTimePasswordId: z.string() })
export const RemoveHolderPasskey = z.object({ passkeyId: z.string().check(z.maxLength(1400)) })
export const SignWithCard = z.object({ signId: z.string(), pin: Sealed, consent: z.boolean() })
export const DeclineSigning = z.object({ signId: z.string() })
export const InsertCard = z.object({ cardId: z.string() })
