import type { Cryptogram } from '@unlatch/contract'
import type { Actor } from '../records/actors.ts'
import { perform, type World } from './operation.ts'
import { releaseCryptogram } from './unblock/release-cryptogram.ts'
import { writeOfflineStatement } from './unblock/write-offline-statement.ts'
import { verifyHolderOf } from './verified.fixture.ts'
import { STAGED_PASSWORD } from './world.fixture.ts'

/** A release as the console of a demo does it: the statement first, then the request with the operator's password. */
export async function releaseSigned(
  world: World,
  wish: { unblockId: string; challenge: string; [more: string]: unknown },
  actor: Actor,
): Promise<Cryptogram> {
  return perform(releaseCryptogram, world, await signRelease(world, wish, actor), actor)
}

/** The same request, signed and not sent yet. */
export async function signRelease<Wish extends { unblockId: string; challenge: string }>(
  world: World,
  wish: Wish,
  actor: Actor,
) {
  const { unblockId, challenge } = wish
  await verifyHolderOf(world, unblockId, actor)
  const { statement } = await perform(writeOfflineStatement, world, { unblockId, challenge }, actor)
  const signature = { kind: 'password', password: STAGED_PASSWORD } as const
  return { ...wish, signed: { nonce: statement.nonce, signature } }
}
