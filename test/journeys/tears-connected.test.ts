import { contactCard } from '@unlatch/agent'
import type { VirtualCard } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockPin, verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { type ConnectedStage, openConnectedStage } from './connected-stage.fixture.ts'
import { NEW_PIN, PUC_ONLY } from './played-call.ts'
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

describe('PUC only, at a station', () => {
  it.each(['before', 'after'] as const)('the power is cut %s each command', { timeout: 300_000 }, async (moment) => {
    const { reader } = stage.stage
    const typed = stage.atScreen
    let cells = 0
    for (let afterCommands = 0; ; afterCommands++) {
      const { card } = await stage.issueBlocked('piv-strict', PUC_ONLY)
      let isWhole = false
      stage.atScreen = async (attempt, job) => {
        reader.cutPower({ afterCommands, moment })
        await typed(attempt, job).finally(() => {
          isWhole = reader.card === card
        })
      }
      const torn = await stage.unblock(card, 'station')
      stage.atScreen = typed
      if (isWhole) break
      if (torn.state === 'ended') expect([afterCommands, verifies(card, NEW_PIN)]).toEqual([afterCommands, false])
      if (!verifies(card, NEW_PIN)) {
        blockPin(card)
        expect([afterCommands, (await stage.unblock(card, 'station')).state]).toEqual([afterCommands, 'unblocked'])
      }
      expect(verifies(card, NEW_PIN)).toBe(true)
      cells++
    }
    expect(cells).toBeGreaterThan(1)
    recordCells({
      procedure: 'connected-puc-only',
      card: 'piv-strict',
      event: 'power cut',
      moment,
      cells,
      where: EACH_COMMAND,
    })
  })

  it.each(['before', 'after'] as const)(
    'the power is cut %s each command of the exchange',
    {
      timeout: 300_000,
    },
    async (moment) => {
      const { agent, reader } = stage.stage
      const contact = async (card: VirtualCard, afterCommands?: number) => {
        reader.insert(card)
        if (afterCommands !== undefined) reader.cutPower({ afterCommands, moment })
        try {
          const { readers, server } = agent
          return await contactCard({ readers, server, configuration: agent.configuration() }, reader.name)
        } catch {
          return 'torn'
        } finally {
          if (reader.card) reader.remove()
        }
      }
      let cells = 0
      for (let afterCommands = 0; ; afterCommands++) {
        const { card } = await stage.issueBlocked('piv-strict', PUC_ONLY)
        expect(await stage.unblock(card, 'station')).toMatchObject({ state: 'unblocked' })
        const end = await contact(card, afterCommands)
        if (end !== 'torn') break
        expect([afterCommands, await contact(card)]).toEqual([afterCommands, 'done'])
        blockPin(card)
        expect([afterCommands, (await stage.unblock(card, 'station')).state]).toEqual([afterCommands, 'unblocked'])
        cells++
      }
      expect(cells).toBeGreaterThan(1)
      recordCells({
        procedure: 'contact-puc-only',
        card: 'piv-strict',
        event: 'power cut',
        moment,
        cells,
        where: EACH_COMMAND,
      })
    },
  )
})
