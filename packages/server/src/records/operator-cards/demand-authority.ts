import type { X509Certificate } from 'node:crypto'
import { Problem } from '@unlatch/contract'
import type { CardAuthority } from '../../ports/card-authority.ts'

/**
 * Where the organisation named an authority for operators' cards, only its certificates count, and only while nobody revoked
 * them. Asked with no transaction open: checking a path takes a few milliseconds.
 *
 * @throws Problem `operator-card-untrusted`, `operator-card-revoked`, or `operator-card-revocation-unknown` when no current
 *   revocation list says that it is none of them.
 */
export function demandAuthority(authority: CardAuthority | undefined, x509: X509Certificate, now: Date): void {
  const verdict = authority?.judge(x509.raw, now)
  if (verdict && !verdict.isGood) throw new Problem(`operator-card-${verdict.fault}`, { detail: verdict.why })
}
