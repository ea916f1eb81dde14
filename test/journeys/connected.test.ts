import { contactCard, type ServerClient } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem } from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blockPin, verifies } from '../../packages/unlatch/src/demo/stage.ts'
import { type ConnectedStage, openConnectedStage } from './connected-stage.fixture.ts'
import { NEW_PIN, PUC_ONLY } from './played-call.ts'

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

describe('a PUC-only card', () => {
  it('is unblocked at a station, which exchanges its PUK in the same visit; elsewhere it is said where to go', async () => {
    const { card } = await stage.issueBlocked('piv-strict', PUC_ONLY)
    const seen = await stage.insert(card, 'laptop')
    expect(seen).toMatchObject({ obstacle: 'card-puc-only' })
    await expect(stage.ask(seen)).rejects.toMatchObject({ code: 'card-puc-only' })
    stage.stage.holder.reader.remove()
    expect(verifies(card, NEW_PIN)).toBe(false)
    const { agent, reader } = stage.stage
    const contact = async () => {
      reader.insert(card)
      const { readers, server } = agent
      return contactCard({ readers, server, configuration: agent.configuration() }, reader.name).finally(() =>
        reader.remove(),
      )
    }
    const pukOf = () => (JSON.parse(JSON.stringify(card.save())) as { puk: { valueHex: string } }).puk.valueHex
    expect(await contact()).toBe('not-possible')
    const before = pukOf()
    const heard: string[] = []
    stage.line = (server) => ({
      ...server,
      async collectUnblock(wish) {
        const round = await server.collectUnblock(wish)
        heard.push(JSON.stringify(round))
        return round
      },
    })
    expect(await stage.unblock(card, 'station')).toMatchObject({ state: 'unblocked', problem: null })
    expect(verifies(card, NEW_PIN)).toBe(true)
    // The line carries it sealed alone.
    expect(heard.join()).toContain('station-puk')
    for (const form of [before, Buffer.from(before, 'hex').toString('latin1')]) expect(heard.join()).not.toContain(form)
    expect(pukOf()).toBe(before)
    expect(await contact()).toBe('done')
    expect(pukOf()).not.toBe(before)
    // Once more, with the PUK that it has now.
    blockPin(card)
    expect(await stage.unblock(card, 'station')).toMatchObject({ state: 'unblocked' })
  })
})

describe('the line breaks', () => {
  type Call = 'readyUnblock' | 'unblockProgress' | 'collectUnblock'
  /** A step is a call, and which of them: a session of an admin key collects three times. */
  const STEPS: readonly (readonly [Call, number])[] = [
    ['readyUnblock', 1],
    ['unblockProgress', 1],
    ['collectUnblock', 1],
  ]
  const ROUNDS: typeof STEPS = [
    ['collectUnblock', 2],
    ['collectUnblock', 3],
  ]

  /** The line is cut at a step: the call never leaves, or its answer is lost. */
  function cutAt([step, round]: (typeof STEPS)[number], moment: 'before' | 'after', cuts: string[]) {
    let calls = 0
    return (server: ServerClient) => ({
      ...server,
      async [step](wish: never) {
        const isCut = ++calls === round
        if (isCut) cuts.push(step)
        if (isCut && moment === 'before') throw new Problem('server-unreachable')
        const answer = await server[step](wish)
        if (isCut) throw new Problem('server-unreachable')
        return answer
      },
    })
  }

  it.each(
    (['gids', 'yubikey'] as const).flatMap((kind) =>
      [...STEPS, ...(kind === 'gids' ? ROUNDS : [])].flatMap((step) =>
        (['before', 'after'] as const).map((moment) => [kind, ...step, moment] as const),
      ),
    ),
  )('%s, at %s (%i), %s the server has it: it goes on by itself', async (kind, call, round, moment) => {
    const { card } = await stage.issueBlocked(kind)
    const cuts: string[] = []
    stage.line = cutAt([call, round], moment, cuts)
    expect(await stage.unblock(card)).toMatchObject({ state: 'unblocked' })
    expect(verifies(card, NEW_PIN)).toBe(true)
    expect(cuts).toEqual([call])
  })
})

describe('is begun again', () => {
  it('after the agent was killed while the operator was to sign', async () => {
    const { card } = await stage.issueBlocked('yubikey')
    const id = await stage.ask(await stage.insert(card))
    await stage.until(id, 'ready')
    const { reader } = stage.stage.holder
    await stage.restartAgents()
    reader.remove()
    expect(await stage.unblock(card)).toMatchObject({ state: 'unblocked' })
    expect(await stage.operator.connectedUnblock(id)).toMatchObject({ state: 'ended' })
  })

  it('after the card was pulled while the operator was to sign: the agent says so at once', async () => {
    const { card } = await stage.issueBlocked('piv-strict')
    const id = await stage.ask(await stage.insert(card))
    await stage.until(id, 'ready')
    stage.stage.holder.reader.remove()
    expect(await stage.until(id, 'ended')).toMatchObject({ problem: 'card-removed' })
    expect(verifies(card, NEW_PIN)).toBe(false)
    expect(await stage.unblock(card)).toMatchObject({ state: 'unblocked' })
  })

  it('after the holder typed a PIN that breaks the rules: nobody was asked anything', async () => {
    const { card } = await stage.issueBlocked('yubikey')
    const codes: string[] = []
    stage.atScreen = async (attempt) => {
      await attempt.setNewPin(ascii('123456'), false).catch((error: Problem) => codes.push(error.code))
      await attempt.setNewPin(ascii(NEW_PIN), false)
    }
    expect(await stage.unblock(card)).toMatchObject({ state: 'unblocked' })
    expect(codes).toEqual(['pin-policy'])
  })
})
