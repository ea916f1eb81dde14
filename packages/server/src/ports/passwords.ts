/** Password hashes of operators. Slow on purpose: never called inside a transaction. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** Takes as long for an unknown user (`hash` undefined) as for a known one. */
  verify(hash: string | undefined, password: string): Promise<boolean>
}
