import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockPin, verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { type ConnectedStage, openConnectedStage } from './connected-stage.fixture.ts'
import { NEW_PIN } from './played-call.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/** A card is torn out of its reader at each command of a connected unblock: nothing is lost, and the next one works. */

let stage: ConnectedStage
beforeAll(async () => {
  stage = await openConnectedStage()
})
afterAll(() => stage.close())

describe.each(['gids', 'piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const)('%s', (kind) => {
  it.each(['before', 'after'] as const)('the power is cut %s each command', { timeout: 300_000 }, async (moment) => {
    const { reader } = stage.stage.holder
    const typed = stage.atScreen
    let cells = 0
    for (let afterCommands = 0; ; afterCommands++) {
      const { card } = await stage.issueBlocked(kind)
      let isWhole = false
      stage.atScreen = async (attempt, job) => {
        reader.cutPower({ afterCommands, moment })
        await typed(attempt, job).finally(() => {
          isWhole = reader.card === card
        })
      }
      const torn = await stage.unblock(card)
      stage.atScreen = typed
      if (isWhole) break
      // What is said is what is true: a PIN that works, or a card that is as it was.
      if (torn.state === 'ended') expect([afterCommands, verifies(card, NEW_PIN)]).toEqual([afterCommands, false])
      if (!verifies(card, NEW_PIN)) {
        blockPin(card)
        expect([afterCommands, (await stage.unblock(card)).state]).toEqual([afterCommands, 'unblocked'])
      }
      expect(verifies(card, NEW_PIN)).toBe(true)
      cells++
    }
    expect(cells).toBeGreaterThan(3)
    recordCells({ procedure: 'connected', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
  })
})
