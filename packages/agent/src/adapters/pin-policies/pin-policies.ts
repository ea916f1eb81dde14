import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { PinPolicy } from '@unlatch/contract'
import type { PinPolicies, ServerClient } from '../../tasks/ports.ts'

/** Cards of which so much is kept; the one that was here longest ago goes first. */
const KEPT = 200

/**
 * Kept in a file of this computer. What stands in it is no secret, and a wrong rule lets nobody in: the card and the server's
 * own records are not concerned.
 *
 * @param server - a client that gives up soon: a card waits for it.
 * @param otherwise - the organisation's rules, for cards without their own.
 */
export function openPinPolicies(
  server: Pick<ServerClient, 'pinPolicy'>,
  path: string,
  otherwise: () => PinPolicy,
): PinPolicies {
  const kept = readKept(path)
  return {
    async of(cardUuidHex) {
      try {
        const policy = await server.pinPolicy(cardUuidHex)
        kept.delete(cardUuidHex)
        if (policy) kept.set(cardUuidHex, withoutPerson(policy))
        const [oldest] = kept.keys()
        if (oldest !== undefined && kept.size > KEPT) kept.delete(oldest)
        write(path, kept)
        if (policy) return policy
      } catch {
        // The server cannot be reached, or does not know this agent: what it said before holds.
      }
      return kept.get(cardUuidHex) ?? otherwise()
    },
  }
}

/** Numbers about a person are not kept: without the server that rule rests. */
const withoutPerson = ({ personal: _, ...policy }: PinPolicy): PinPolicy => policy

function readKept(path: string): Map<string, PinPolicy> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, PinPolicy>))
  } catch {
    return new Map()
  }
}

function write(path: string, kept: ReadonlyMap<string, PinPolicy>): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
