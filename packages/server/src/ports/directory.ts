import type { DirectorySettings, PersonField, ProblemCode } from '@unlatch/contract'

/** A directory, ready to be asked: with its password, for this one question. */
export interface OpenDirectory {
  readonly settings: DirectorySettings
  readonly secret: string | null
}

/** A person as a directory knows them; what it does not say is empty. */
export interface DirectoryEntry {
  /** What names the entry for ever, whatever it is called. */
  readonly key: string
  readonly dn: string
  readonly person: Readonly<Record<PersonField, string>>
}

/** What we ask of a directory. Each question opens a connection of its own, and closes it. All throw DirectoryError alone. */
export interface Directory {
  /** Entries whose name, user name or mail begins like this, the first of them. */
  search(open: OpenDirectory, words: string, limit: number): Promise<{ entries: DirectoryEntry[]; isMore: boolean }>
  /** Those of these entries that are still there. */
  read(open: OpenDirectory, keys: readonly string[]): Promise<DirectoryEntry[]>
  /**
   * Lets a person sign in with a password of his own: one bind, at the first server that answers. Nothing that the person could
   * be locked out by is asked without need: an account that is locked or disabled is not tried.
   *
   * @param who - the entry's key, and its name as it was last; where the entry is gone that name is tried all the same, so that
   *   unknown and wrong are one answer.
   * @param password - never empty.
   * @returns why not; undefined when the directory lets him in.
   */
  logOn(
    open: OpenDirectory,
    who: { readonly key: string; readonly dn: string },
    password: string,
  ): Promise<LogonRefusal | undefined>
  /** Signs in and counts the first page of people. */
  count(open: OpenDirectory): Promise<{ count: number; isMore: boolean }>
}

/** Why a directory does not let somebody in: a wrong password, or what an account is. */
export type LogonRefusal = Extract<ProblemCode, 'logon-wrong' | `account-${string}`>

/** A directory did not answer as it should. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError'
  readonly code: Extract<ProblemCode, `directory-${string}`>

  /** @param message - what the other side said; shown to operators. */
  constructor(code: DirectoryError['code'], message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
  }
}
