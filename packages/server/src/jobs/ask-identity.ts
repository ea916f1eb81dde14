import { FinishIdentityProvider, Problem, type SelfServiceView, type SelfServiceWayBegun } from '@unlatch/contract'
import { perform, type World } from '../operations/operation.ts'
import { beginSelfServiceWay } from '../operations/self-service/begin-way.ts'
import { endIdentity, openIdentity } from '../operations/self-service/check-identity.ts'
import { type IdentityProvider, IdentityProviderError } from '../ports/identity-provider.ts'
import type { Actor } from '../records/actors.ts'

/**
 * Begins a way that is answered elsewhere: where the holder goes, and what he types there.
 *
 * @throws Problem `identity-provider-unreachable`: nothing was tried, and it may be begun again.
 */
export async function beginElsewhere(
  world: World,
  provider: IdentityProvider,
  input: object,
  actor: Actor,
): Promise<SelfServiceWayBegun> {
  const begun = await perform(beginSelfServiceWay, world, input, actor)
  if (begun.kind === 'passkey') return { url: `${world.settings.origin}/prove`, code: begun.code }
  const { wayId, open, question } = begun
  try {
    return { url: await provider.begin(open, question), code: '' }
  } catch (cause) {
    const { unblockId } = input as { unblockId: string }
    return perform(endIdentity, world, { unblockId, wayId, answer: { problem: codeOf(world, cause) } }, actor).then(
      () => {
        throw cause
      },
    )
  }
}

/**
 * The browser came back from an identity provider.
 *
 * @throws Problem `identity-refused`, `identity-answer-invalid`, `identity-provider-unreachable`.
 */
export async function finishIdentity(
  world: World,
  provider: IdentityProvider,
  input: object,
  actor: Actor,
): Promise<SelfServiceView> {
  const parsed = FinishIdentityProvider.safeParse(input)
  if (!parsed.success) throw new Problem('input-invalid', { detail: 'what the browser came back with' })
  const { unblockId, query } = parsed.data
  const { wayId, open, question, since } = await perform(openIdentity, world, { unblockId }, actor)
  const answer = await provider
    .finish(open, question, query, since)
    .catch((cause) => ({ problem: codeOf(world, cause) }))
  return perform(endIdentity, world, { unblockId, wayId, answer }, actor)
}

function codeOf(world: World, cause: unknown) {
  world.log.error({ err: cause }, 'an identity provider did not say who signed in')
  return cause instanceof IdentityProviderError ? cause.code : 'identity-provider-unreachable'
}
