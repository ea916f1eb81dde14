import type { BlockCipher } from '@unlatch/card'
import type { Generation, UnblockOutcome, Variant } from '@unlatch/card/unblock'

/**
 * The key service, as product verbs. It holds the master key and the unblock keys; there is no `derive` and no `encrypt`.
 * No verb returns a key of a card; none but `revealPuc` returns a bare PUK.
 *
 * Each verb that lets something out takes a permit and counts per hour up to a configured ceiling.
 *
 * @throws KeyServiceError, and nothing else.
 */
export interface KeyService {
  /** Unblock keys' public points (65 bytes), newest first: what clients agree with. */
  readonly unblockPoints: readonly Uint8Array[]
  /** Ed25519 public key (32 bytes) of the client configuration; pinned by agents at installation. */
  readonly configurationKey: Uint8Array

  /** Signs a client configuration: 64 bytes. */
  signClientConfiguration(document: Uint8Array): Promise<Uint8Array>

  /**
   * True when the check symbols of a masked challenge name this card, one of the unblock keys and this card's variant. Which
   * unblock key it was is told.
   */
  checkChallenge(card: SealedCard, challenge: string): Promise<{ unblockKeyId: string } | undefined>

  /** The masked PUK of this generation with its tag: 12 digits. Stored nowhere. */
  releaseCryptogram(permit: ReleasePermit, card: SealedCard, puk: PukRef, challenge: string): Promise<string>

  /** What a receipt says about the cryptogram that was released; undefined when it belongs to no such release. */
  checkReceipt(
    card: SealedCard,
    release: { puk: PukRef; challenge: string; unblockKeyId: string },
    receipt: string,
  ): Promise<UnblockOutcome | undefined>

  /**
   * Draws what a sealed PUK will be bound to this card by: a P-256 point (65 bytes) for variant 1, a block for its RSA key (256
   * bytes) for variant 2. Remembered for ten minutes, and by this key service alone.
   *
   * @throws KeyServiceError `sealed-key` for a card of variant 2 whose public key is not on record.
   */
  prepareSeal(card: SealedCard): Promise<Uint8Array>

  /**
   * The PUK under the agent's job key and the card's key 9E (HPKE, mode_psk): what its card alone opens, at that agent alone.
   *
   * @throws KeyServiceError `permit` when the binding was not drawn for this card, or too long ago.
   */
  sealPuk(permit: ReleasePermit, card: SealedCard, puk: PukRef, seal: SealTarget): Promise<SealedSecret>

  /**
   * The PUK under a station's job key alone (HPKE, mode_base), for a card that nothing can be sealed for: what leaves is for one
   * unblock of one card that an operator has signed for. Whether that card is in the reader is the station's word.
   */
  sealPukAtStation(
    permit: ReleasePermit & StationPermit,
    puk: PukRef,
    seal: Pick<SealTarget, 'jobKey' | 'info'>,
  ): Promise<Omit<SealedSecret, 'variant'>>

  /**
   * 16 bytes that nobody can foresee, under the agent's job key and the card's key 9E: whoever sends them back has the card in a
   * reader of that agent. They are made of the attempt's name, and are the same after a restart: the caller takes them once. They
   * say nothing about the card's secrets.
   *
   * @param attempt - its name: the proof is of this attempt.
   * @throws KeyServiceError `sealed-key` as `prepareSeal`.
   */
  sealCardProof(card: SealedCard, jobKey: Uint8Array, attempt: string): Promise<SealedProof>

  /** True for the bytes that were sealed for this card in this attempt. */
  checkCardProof(card: SealedCard, attempt: string, octets: Uint8Array): Promise<boolean>

  /**
   * The host's answer (40 bytes) in a mutual authentication with the card's admin key; the session that it opens is for one
   * unblock.
   */
  answerMutually(permit: ReleasePermit, card: AdminKeyCard, challenges: MutualChallenges): Promise<Uint8Array>

  /** True when the card's answer (40 bytes) proves that it has its admin key. */
  proveCard(card: AdminKeyCard, challenges: MutualChallenges, answer: Uint8Array): Promise<boolean>

  /** One block, encrypted under the card's native admin key. */
  answerAdminChallenge(permit: ReleasePermit, card: AdminKeyCard, block: Uint8Array): Promise<Uint8Array>

  /**
   * A complete command that carries a secret of one card, for a station. The intent is in the journal before it is returned.
   *
   * @param imported - the sealed secret that `imported` in the order stands for.
   */
  keyCommand(permit: StationPermit, order: KeyOrder, imported?: string): Promise<Uint8Array>

  /**
   * CHANGE REFERENCE DATA from the PUK that an agent used in this unblock to a fresh one: the one command with a secret that
   * a holder's agent may be given. The intent is in the journal before it is returned.
   */
  rotatePuk(permit: Permit, change: { from: PukRef; to: Generation }): Promise<Uint8Array>

  /**
   * Seals a secret that a card of another system has, bound to the card and to what it is. It leaves again only inside a
   * command for that card.
   *
   * @param refused - sealed secrets that this card refused: the same one is not taken again.
   * @throws KeyServiceError `refused-before`.
   */
  importSecret(permit: StationPermit, secret: ImportedSecret, refused: readonly string[]): Promise<string>

  /** The PUC of this generation, eight digits: for its holder by a connection, or for an operator who may read it. */
  revealPuc(permit: PucPermit, puk: Generation): Promise<string>

  /**
   * Lets unblock codes out, of which MACs are on record: to an operator who verified the card's holder. They are given back as
   * they are.
   *
   * @throws KeyServiceError `permit` without a fresh ticket for this card.
   */
  releaseUnblockCodes(permit: PucPermit, codes: readonly string[]): Promise<readonly string[]>

  /**
   * HMAC-SHA-256 (32 bytes) of a code under a key of its own: what is stored of a code that people say or type, and what a
   * token of a notice is made from. It says nothing about a card.
   *
   * @param context - what the code is for and bound to; never two meanings for one text.
   */
  macCode(context: string, code: string): Promise<Uint8Array>

  /**
   * Draws the secret of a one-time password, 20 octets, and seals it for this person and name. It is returned here and never
   * again: its holder's app gets it.
   */
  drawOneTimeSecret(of: OneTimeSecretName): Promise<{ readonly secret: Uint8Array; readonly sealed: string }>

  /**
   * The lowest counter between `from` and `to`, at most eleven of them, at which this secret makes this code of six digits;
   * undefined where it does at none. With a time step as its counter it is a TOTP.
   *
   * @throws KeyServiceError `sealed-key` for a secret that was sealed for somebody else.
   * @see [RFC 4226, 5.3]; [RFC 6238, 4.2]
   */
  checkOneTimePassword(
    of: OneTimeSecretName & { readonly sealed: string },
    code: string,
    counters: { readonly from: number; readonly to: number },
  ): Promise<number | undefined>

  /** Seals what a connection signs in with, bound to that connection. */
  wrapConnectionSecret(connectionId: string, secret: string): Promise<string>

  /** What was sealed for a connection, to be used by it at once. */
  useConnectionSecret(connectionId: string, sealed: string): Promise<string>

  /** The first generation after `after` whose PUK may be used; it says nothing about the PUK. */
  nextPukGeneration(cardUuid: Uint8Array, after: Generation): Promise<Generation>

  /** Seals a card's variant and 9E public point (65 bytes), or Z (32 bytes) with the public key (modulus of 256, exponent), so that nobody who writes the database can swap it. */
  sealCardKey(permit: StationPermit, key: { variant: Variant; octets: Uint8Array }): Promise<string>

  /** True when the answer to a rehearsal (16..32 bytes) proves the sealed key. */
  checkRehearsal(card: SealedCard, nonce: Uint8Array, answer: Uint8Array): Promise<boolean>

  /** The highest generation of each card's secrets that the journal knows: what the database must not be behind of. */
  journalled(): Promise<readonly JournalledGeneration[]>

  /** Which journal this is, and how often a server started with it: a database that has counted fewer is older. */
  journalState(): Promise<JournalState>

  /** Counts a start of the server, after the database has. */
  countStart(): Promise<void>

  /** Raises the epoch, in the journal first: no generation from before a restore is ever used again. */
  raiseEpoch(): Promise<number>

  close(): Promise<void>
}

/** Whose one-time password, and which of his. */
export interface OneTimeSecretName {
  readonly personId: string
  readonly id: string
}

/** What the journal says about itself. */
export interface JournalState {
  /** A UUID, for ever: several servers on one database have a journal each. */
  readonly node: string
  readonly starts: number
  /** It came out of a backup, and no restore was accepted since: what went to cards after that is in no file. */
  readonly isOld: boolean
}

/** A generation that went to a card. */
export interface JournalledGeneration {
  /** 16 bytes in upper-case hexadecimal. */
  readonly cardUuidHex: string
  readonly purpose: 'puk' | 'piv-9b' | 'gids-admin'
  readonly generation: Generation
}

/** A PIV card as the key service needs it. */
export interface SealedCard {
  readonly cardUuid: Uint8Array
  readonly sealedKey: string
}

/** A card with a native admin key. */
export interface AdminKeyCard {
  readonly cardUuid: Uint8Array
  readonly cipher: BlockCipher
  readonly generation: Generation
}

/** Whom a PUK is sealed for. */
export interface SealTarget {
  /** As `prepareSeal` drew it. */
  readonly binding: Uint8Array
  /** The agent's P-256 point for this job, 65 bytes. */
  readonly jobKey: Uint8Array
  /** SHA-256 of the statement by which it is released, 32 bytes. */
  readonly info: Uint8Array
}

/** What leaves: HPKE's encapsulated key (65 bytes) and the ciphertext (24 bytes). */
export interface SealedSecret {
  readonly variant: Variant
  readonly encapsulated: Uint8Array
  readonly ciphertext: Uint8Array
}

/** The same for a card's proof, with what its key is asked with. */
export interface SealedProof extends SealedSecret {
  readonly binding: Uint8Array
}

/** Both challenges of a mutual authentication, 16 bytes each. */
export interface MutualChallenges {
  readonly host: Uint8Array
  readonly card: Uint8Array
}

/** Which PUK: a generation of ours, or the one that the card left its factory with. */
export type PukRef = Generation | 'factory'

/** Proof that a release was permitted and its record is durable: the key service refuses without. */
export interface Permit {
  readonly unblockId: string
  readonly recordId: string
  readonly cardUuid: Uint8Array
}

/** The same with the ticket that says how the card's holder was verified: what lets a secret out demands it. */
export interface ReleasePermit extends Permit {
  readonly ticket: ReleaseTicket
}

/** That a card's holder was verified, by which ways, and until when (ISO 8601) that is good. */
export interface ReleaseTicket {
  readonly id: string
  readonly cardUuid: Uint8Array
  readonly ways: readonly string[]
  readonly notAfter: string
}

/** Proof that a PUC may be known, by whom, and that this is on record. */
export interface PucPermit {
  readonly recordId: string
  readonly cardUuid: Uint8Array
  /** A delivery, or an operator. */
  readonly to: string
  /** Of the holder for whom an operator reads it; null for a delivery, which goes to the address on record. */
  readonly ticket: ReleaseTicket | null
}

/** Proof that a station asked, and for which card. */
export interface StationPermit {
  readonly station: string
  readonly recordId: string
  readonly cardUuid: Uint8Array
}

/** A secret that another system gave a card, as the card compares it. */
export type ImportedSecret =
  /** Eight octets, whatever their form. */
  | { readonly kind: 'piv-puk'; readonly octets: Uint8Array }
  | { readonly kind: 'piv-9b'; readonly cipher: BlockCipher; readonly octets: Uint8Array }
  | { readonly kind: 'gids-admin'; readonly cipher: '3des'; readonly octets: Uint8Array }

/** A command that carries a secret; `imported` is the sealed secret that goes with the order. */
export type KeyOrder =
  /** CHANGE REFERENCE DATA `81`: the PUK from one value to another. */
  | { readonly kind: 'piv-change-puk'; readonly from: PukRef | 'imported'; readonly to: Generation }
  /** PUT DATA of the admin key, with its key check value. */
  | { readonly kind: 'gids-load-admin-key'; readonly cipher: '3des'; readonly to: Generation }
  /** GENERAL AUTHENTICATE: the card's challenge, answered under the admin key, at a station. */
  | {
      readonly kind: 'gids-answer-admin-challenge'
      readonly cipher: '3des'
      readonly by: Generation | 'imported'
      readonly block: Uint8Array
    }
  /** SET MANAGEMENT KEY, Yubico's command. */
  | { readonly kind: 'piv-set-management-key'; readonly cipher: BlockCipher; readonly to: Generation }
  /** GENERAL AUTHENTICATE with key 9B, at a station. Never in an unblock: it opens nothing about PIN or PUK. */
  | {
      readonly kind: 'piv-answer-management-challenge'
      readonly cipher: BlockCipher
      readonly by: Generation | 'imported'
      readonly block: Uint8Array
    }

/** The key service does not do it. */
export class KeyServiceError extends Error {
  override readonly name = 'KeyServiceError'
  readonly code: 'ceiling' | 'permit' | 'sealed-key' | 'locked' | 'refused-before'

  constructor(code: KeyServiceError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
