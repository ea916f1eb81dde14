import { readFileSync } from 'node:fs'
import type { CardAuthority, CardVerdict } from '../../ports/card-authority.ts'
import {
  type Certificate,
  findAuthorityFault,
  findCardFault,
  isInTime,
  isIssuedBy,
  pathLengthOf,
  readCertificate,
} from './certificates.ts'
import { fetchList, isListOf, type RevocationList, readList } from './revocation-lists.ts'

/**
 * An authority out of files: certificates that its organisation put there (roots, and authorities below them), and where
 * their revocation lists are. The path from a card to a root is built of these certificates alone: a card brings none along,
 * and none is fetched. Each certificate below a root needs a list of its issuer that is good now; without it nothing counts.
 *
 * A subset of RFC 5280, 6: full revocation lists only (no deltas, no parts of lists, none signed by others), no name
 * constraints, no policy constraints; what says critically that it needs one of these is refused.
 */

/** Where the files are. */
export interface AuthorityPlaces {
  /** PEM, one or more. */
  readonly certificates: string
  /** Paths, or `http(s)` addresses; DER or PEM. */
  readonly revocationLists: readonly string[]
}

/** An authority could not be read; the message says which file and why. */
export class AuthorityError extends Error {
  override readonly name = 'AuthorityError'
}

/**
 * Reads the authority's certificates. Its revocation lists are read by `renew`.
 *
 * @throws AuthorityError for a file that cannot be read, or a certificate in it that can vouch for no card.
 */
export function openCardAuthority({ certificates, revocationLists }: AuthorityPlaces): CardAuthority {
  const authorities = readAuthorities(certificates)
  const lists = new Map<Certificate, RevocationList>()
  /** Why a source gave no list that could be used, the last time. */
  const failed = new Map<string, string>()

  async function renewFrom(source: string, now: Date, signal?: AbortSignal): Promise<void> {
    const list = readList(await fetchList(source, signal))
    if (list.thisUpdate > now) throw new Error(`it is of ${list.thisUpdate.toISOString()}, which is still to come`)
    const issuers = authorities.filter((authority) => isListOf(list, authority))
    if (issuers.length === 0) throw new Error('none of the authorities signed it')
    for (const issuer of issuers) {
      const known = lists.get(issuer)
      // An older one, which somebody between could play back, does not take a revocation away again.
      if (!known || known.thisUpdate < list.thisUpdate) lists.set(issuer, list)
    }
  }

  /** Why no list of an issuer counts now. */
  function findListFault(issuer: Certificate, now: Date): string | undefined {
    const list = lists.get(issuer)
    if (!list) return `there is no revocation list of ${issuer.name}`
    if (list.nextUpdate < now)
      return `the revocation list of ${issuer.name} was good until ${list.nextUpdate.toISOString()}`
    return undefined
  }

  function judgePath(path: readonly Certificate[], now: Date): CardVerdict {
    const late = path.find((certificate) => !isInTime(certificate, now))
    if (late) return refuse('untrusted', `${late.name} is not valid now`)
    const unknown: string[] = []
    for (const [index, issuer] of path.slice(1).entries()) {
      const certificate = path[index] as Certificate
      const fault = findListFault(issuer, now)
      // A revocation that was once known stays known when its list is too old to say that others are none.
      if (lists.get(issuer)?.revoked.has(certificate.serial))
        return refuse('revoked', `${certificate.name} was revoked`)
      if (fault) unknown.push(fault)
    }
    return unknown[0] === undefined ? { isGood: true } : refuse('revocation-unknown', unknown[0])
  }

  return {
    judge(octets, now) {
      try {
        const card = readCertificate(octets)
        const fault = findCardFault(card)
        if (fault) return refuse('untrusted', `the card’s certificate ${fault}`)
        const verdicts = findPaths([card], authorities).map((path) => judgePath(path, now))
        return pickVerdict(verdicts)
      } catch (error) {
        return refuse('untrusted', `the card’s certificate cannot be read: ${messageOf(error)}`)
      }
    },
    async renew(now, signal) {
      const renewOne = async (source: string) => {
        try {
          await renewFrom(source, now, signal)
          failed.delete(source)
        } catch (error) {
          failed.set(source, messageOf(error))
        }
      }
      await Promise.all(revocationLists.map(renewOne))
    },
    findings(now) {
      const late = authorities
        .filter((authority) => !isInTime(authority, now))
        .map(({ name }) => `${name} is not valid now`)
      const missing = authorities.map((issuer) => findListFault(issuer, now)).filter((fault) => fault !== undefined)
      return [...late, ...missing, ...[...failed].map(([source, why]) => `${source}: ${why}`)]
    },
  }
}

const refuse = (fault: Extract<CardVerdict, { isGood: false }>['fault'], why: string): CardVerdict => ({
  isGood: false,
  fault,
  why,
})

const messageOf = (error: unknown): string => {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined }
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}

/** The best of several paths: one good one is enough. */
function pickVerdict(verdicts: readonly CardVerdict[]): CardVerdict {
  const find = (fault: string) => verdicts.find((verdict) => !verdict.isGood && verdict.fault === fault)
  return (
    verdicts.find(({ isGood }) => isGood) ??
    find('revoked') ??
    find('revocation-unknown') ??
    verdicts[0] ??
    refuse('untrusted', 'none of the authorities issued the card’s certificate')
  )
}

/** From the certificate at the end of `path` up to a root, by every way. */
function findPaths(path: readonly Certificate[], authorities: readonly Certificate[]): Certificate[][] {
  const last = path.at(-1) as Certificate
  const between = path.length - 1
  if (between > 0 && isRoot(last)) return [[...path]]
  const issuers = authorities.filter(
    (issuer) => !path.includes(issuer) && between <= (pathLengthOf(issuer) ?? between) && isIssuedBy(last, issuer),
  )
  return issuers.flatMap((issuer) => findPaths([...path, issuer], authorities))
}

const isRoot = (certificate: Certificate): boolean => isIssuedBy(certificate, certificate)

function readAuthorities(path: string): readonly Certificate[] {
  const text = attempt(path, 'cannot be read', () => readFileSync(path, 'utf8'))
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new AuthorityError(`${path} holds no certificate (PEM)`)
  const authorities = blocks.map((block, index) =>
    attempt(path, `: certificate ${index + 1} cannot be read`, () => readCertificate(block)),
  )
  for (const authority of authorities) {
    const fault = attempt(path, `: ${authority.name} cannot be read`, () => findAuthorityFault(authority))
    if (fault) throw new AuthorityError(`${path}: ${authority.name} ${fault}`)
    if (!isRoot(authority) && findPaths([authority], authorities).length === 0)
      throw new AuthorityError(`${path}: ${authority.name} leads to no root in this file`)
  }
  return authorities
}

function attempt<T>(path: string, why: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new AuthorityError(`${path}${why.startsWith(':') ? '' : ' '}${why}`, { cause })
  }
}
