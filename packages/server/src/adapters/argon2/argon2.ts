import { hash, verify } from '@node-rs/argon2'
import type { Passwords } from '../../ports/passwords.ts'

/** argon2id with 19 MiB and two passes. [OWASP password storage] */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Password hashes by argon2id, as PHC strings. */
export async function openArgon2(): Promise<Passwords> {
  const nobody = await hash(crypto.randomUUID(), OPTIONS)
  return {
    hash: (password) => hash(password, OPTIONS),
    verify: async (known, password) => (await verify(known ?? nobody, password)) && known !== undefined,
  }
}
