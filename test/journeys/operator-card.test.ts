import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ascii } from '@unlatch/card'
import type { Signing, StatementToSign } from '@unlatch/contract'
import { createVirtualCard, giveAuthenticationKey } from '@unlatch/virtual-cards'
import { expect, test, vi } from 'vitest'
import { SignDesk } from '../../packages/agent/src/loopback/sign-desk.ts'
import { OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import { openStage } from '../../packages/unlatch/src/demo/stage.ts'
import { stageAuthority } from '../peers/certificates.ts'
import { issueBlocked, populate } from './played-call.ts'

/** An operator's card at a real agent: it becomes the operator's, and signs for a call, over the agent's own channel. */

test('a card is added and signs: a wrong PIN first, and declined once', {
  timeout: 60_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-operator-card-'))
  const stage = await openStage(folder)
  const desk = new SignDesk(stage.agent.readers, () => {})
  const channel = stage.agent.openChannel({ sign: (job, news) => desk.sign(job, news, async () => {}) })
  try {
    const personId = await populate(stage)
    await issueBlocked(stage, personId, 'yubikey', 'OP-1')
    const card = createVirtualCard('piv-strict')
    const authority = await stageAuthority('Test', new Date())
    await giveAuthenticationKey(card, 'p256', (publicKey) => authority.issue(publicKey))
    stage.reader.remove()
    stage.reader.insert(card)

    let cookie = ''
    const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
      const headers = { cookie, ...(body && { 'content-type': 'application/json' }) }
      const response = await fetch(new URL(path, stage.server.url), {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
      return (await response.json()) as T
    }
    await ask('POST', '/api/session', { userName: OPERATOR.userName, password: OPERATOR.password })
    const place = await vi.waitFor(async () => {
      const { readers } = await ask<{ readers: { agentId: string; reader: string; obstacle: string }[] }>(
        'GET',
        '/api/connected-readers',
      )
      const found = readers.find(({ reader, obstacle }) => reader === stage.reader.name && obstacle !== 'no-card')
      if (!found) throw new Error('not seen yet')
      return { agentId: found.agentId, reader: found.reader }
    }, 10_000)
    const shown = () =>
      vi.waitFor(() => {
        const sign = desk.write()
        if (!sign) throw new Error('nothing shown yet')
        return sign
      }, 10_000)
    const ended = (signingId: string) =>
      vi.waitFor(async () => {
        const signing = await ask<Signing>('GET', `/api/signings/${signingId}`)
        expect(signing.state).not.toBe('asked')
        return signing
      }, 10_000)

    const begun = { password: OPERATOR.password, ...place }
    const added = await ask<{ signingId: string }>('POST', '/api/account/operator-card-signing', begun)
    const first = await shown()
    expect(first.statement.operation).toBe('add-operator-card')
    await expect(desk.enterPin(first.signId, ascii('999999'), false)).rejects.toMatchObject({ code: 'pin-wrong' })
    await desk.enterPin(first.signId, ascii('123456'), false)
    expect(await ended(added.signingId)).toMatchObject({ state: 'signed' })
    await ask('POST', '/api/account/operator-cards', { signingId: added.signingId, label: 'Staff card' })
    expect(await ask('GET', '/api/account')).toMatchObject({ operatorCards: [{ label: 'Staff card' }] })

    const { people } = await ask<{ people: { cards: { id: string }[] }[] }>('GET', '/api/people?search=OP-1')
    const cardId = people[0]?.cards[0]?.id
    const verification = await ask<{ id: string }>('POST', '/api/verifications', { cardId, procedure: 'telephone' })
    const sighting = { way: 'in-person', document: 'passport', isSameFace: true }
    await ask('POST', `/api/verifications/${verification.id}/sightings`, sighting)
    const { id } = await ask<{ id: string }>('POST', '/api/unblocks', { cardId })
    const wish = { challenge: '0123456789' }
    const toSign = await ask<StatementToSign>('POST', `/api/unblocks/${id}/statement`, wish)
    expect(toSign).toMatchObject({ hasCard: true })
    const asking = { unblockId: id, nonce: toSign.statement.nonce, ...place }
    const declined = await ask<{ signingId: string }>('POST', '/api/signings', asking)
    desk.decline((await shown()).signId)
    expect(await ended(declined.signingId)).toMatchObject({ state: 'ended', problem: 'signing-declined' })
    const again = await ask<{ signingId: string }>('POST', '/api/signings', asking)
    const second = await shown()
    expect(second.statement).toEqual(toSign.statement)
    await desk.enterPin(second.signId, ascii('123456'), false)
    expect(await ended(again.signingId)).toMatchObject({ state: 'signed', signature: expect.stringMatching(/^30/) })
  } finally {
    channel.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
