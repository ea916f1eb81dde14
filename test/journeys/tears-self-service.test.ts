import type { ServerClient } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import type { VirtualCard } from '@unlatch/virtual-cards'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blockPin, verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { NEW_PIN } from './played-call.ts'
import { openSelfServiceStage, type SelfServiceStage } from './self-service-stage.fixture.ts'
import { EACH_COMMAND, recordCells } from './tear-cells.ts'

/** A cardholder alone, and something breaks: at each command to the card, at each word between agent and server. */

/** What the agent says to the server, in its order; what is not said by this kind of card never breaks. */
const ROUNDS = [
  'openSelfService',
  'proveSelfService',
  'answerSelfService',
  'releaseSelfService',
  'collectUnblock',
  'collectUnblock 2',
  'collectUnblock 3',
] as const

needs('slapd')('self-service', () => {
  let eva: SelfServiceStage
  beforeAll(async () => {
    eva = await openSelfServiceStage()
  })
  afterAll(() => eva?.close())

  /** True when it came to its end. */
  const unblock = async (card: VirtualCard): Promise<boolean> => {
    try {
      await eva.unblock(card)
      return true
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return false
    } finally {
      await eva.stage.holder.agent.contactServer().catch(() => {})
      if (eva.stage.holder.reader.card) eva.stage.holder.reader.remove()
    }
  }
  /** After a tear: the card is as it was, or has the new PIN; and the next attempt saves it. */
  const expectSaved = async (card: VirtualCard, where: unknown) => {
    if (!verifies(card, NEW_PIN)) {
      blockPin(card)
      expect([where, await unblock(card)]).toEqual([where, true])
    }
    expect(verifies(card, NEW_PIN)).toBe(true)
  }

  describe.each(['gids', 'piv-lenient', 'piv-strict', 'yubikey', 'yubikey-3des'] as const)('%s', (kind) => {
    it.each(['before', 'after'] as const)('the power is cut %s each command', { timeout: 300_000 }, async (moment) => {
      let cells = 0
      for (let afterCommands = 0; ; afterCommands++) {
        const card = await eva.issueBlocked(kind)
        eva.stage.holder.reader.insert(card)
        eva.stage.holder.reader.cutPower({ afterCommands, moment })
        if (await unblock(card)) break
        await expectSaved(card, afterCommands)
        cells++
      }
      expect(cells).toBeGreaterThan(3)
      recordCells({ procedure: 'self-service', card: kind, event: 'power cut', moment, cells, where: EACH_COMMAND })
    })

    it.each(['before', 'after'] as const)('the line is cut %s each word', { timeout: 300_000 }, async (moment) => {
      const where: string[] = []
      for (const round of ROUNDS) {
        const card = await eva.issueBlocked(kind)
        const cut = cutLine(round, moment)
        eva.line = cut.line
        await unblock(card)
        eva.line = (server) => server
        if (!cut.wasCut()) continue
        await expectSaved(card, round)
        where.push(round)
      }
      expect(where.length).toBeGreaterThan(3)
      recordCells({ procedure: 'self-service', card: kind, event: 'line cut', moment, cells: where.length, where })
    })
  })
})

/** A line that breaks once: the word does not arrive, or its answer does not. */
function cutLine(round: (typeof ROUNDS)[number], moment: 'before' | 'after') {
  const [name, nth = '1'] = round.split(' ')
  let count = 0
  let wasCut = false
  const line = (server: ServerClient): ServerClient =>
    new Proxy(server, {
      get(target, key: keyof ServerClient) {
        const call = target[key] as (...words: unknown[]) => Promise<unknown>
        if (key !== name) return call
        return async (...words: unknown[]) => {
          const isHere = ++count === Number(nth)
          if (!isHere) return call(...words)
          wasCut = true
          if (moment === 'after') await call(...words)
          throw new Problem('server-unreachable')
        }
      },
    })
  return { line, wasCut: () => wasCut }
}
