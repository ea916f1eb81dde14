import type { VerifiedProcedure } from '@unlatch/contract'
import type { Actor } from '../records/actors.ts'
import { perform, type World } from './operation.ts'
import { attestWay } from './verify/attest-way.ts'
import { openVerification } from './verify/open-verification.ts'

/** An operator sees a card's holder in person, with a document. */
export async function verifyHolder(
  world: World,
  cardId: string,
  actor: Actor,
  procedure: VerifiedProcedure = 'telephone',
): Promise<void> {
  const { id: verificationId } = await perform(openVerification, world, { cardId, procedure }, actor)
  const seen = { way: 'in-person', document: 'passport', isSameFace: true }
  await perform(attestWay, world, { verificationId, ...seen }, actor)
}

/** The same for the card of an attempt. */
export async function verifyHolderOf(world: World, unblockId: string, actor: Actor): Promise<void> {
  const unblock = await world.database.reads
    .selectFrom('unblocks')
    .select('card_id')
    .where('id', '=', unblockId)
    .where('operator_id', '=', actor.id)
    .executeTakeFirst()
  if (unblock) await verifyHolder(world, unblock.card_id, actor)
}
