import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { type ConnectedStage, openConnectedStage } from './connected-stage.fixture.ts'
import { NEW_PIN } from './played-call.ts'

/** A blocked card is in a reader that the server sees: at the operator's station, or at its holder's laptop. */

let stage: ConnectedStage
beforeEach(async () => {
  stage = await openConnectedStage()
})
afterEach(() => stage.close())

describe.each(['gids', 'piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const)('%s', (kind) => {
  it.each(['station', 'laptop'] as const)('is unblocked at a %s, once the operator has signed', async (where) => {
    const { card } = await stage.issueBlocked(kind)
    expect(await stage.unblock(card, where)).toMatchObject({ state: 'unblocked', problem: null })
    expect(verifies(card, NEW_PIN)).toBe(true)
    const { history } = await stage.operator.person(stage.personId)
    expect(history[0]).toMatchObject({ outcome: 'unblocked' })
  })
})
