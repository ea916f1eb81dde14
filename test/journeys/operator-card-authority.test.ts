import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ascii } from '@unlatch/card'
import type { Signing, StatementToSign } from '@unlatch/contract'
import { createVirtualCard, giveAuthenticationKey, type VirtualCard } from '@unlatch/virtual-cards'
import { expect, it, vi } from 'vitest'
import { SignDesk } from '../../packages/agent/src/loopback/sign-desk.ts'
import { OPERATOR } from '../../packages/unlatch/src/demo/cast.ts'
import { openStage } from '../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../peers/needs.ts'
import { OpensslAuthority } from '../peers/openssl-authority.ts'
import { issueBlocked, populate } from './played-call.ts'

/** Operators’ cards of an organisation that has an authority for them, at a real agent: its list of the revoked comes over HTTP. */

type Answer = { status: number; body: Record<string, unknown> }

needs('openssl')('an organisation with an authority for operators’ cards', () => {
  it('takes the card that it issued; not one that was revoked, not one of somebody else, none while its list is missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'unlatch-authority-journey-'))
    const [root, stranger] = [OpensslAuthority.make('Organisation'), OpensslAuthority.make('Somebody')]
    const issuing = root.below('Operators')
    const make = async (authority: OpensslAuthority) => {
      const card = createVirtualCard('piv-strict')
      const octets = await giveAuthenticationKey(card, 'p256', async (key) => authority.issue(key))
      return { card, octets }
    }
    const [own, revoked, foreign] = [await make(issuing), await make(issuing), await make(stranger)]
    issuing.revoke(revoked.octets)
    const list = issuing.list()
    const web = createServer((_, response) => void response.end(readFileSync(list))).listen(0, '127.0.0.1')
    await once(web, 'listening')
    const address = `http://127.0.0.1:${(web.address() as AddressInfo).port}/operators.crl`

    const play = async (revocationLists: string[]) => {
      const operatorCardAuthority = { certificates: root.bundle(issuing), revocationLists }
      const place = mkdtempSync(join(folder, 'stage-'))
      const stage = await openStage(place, { operatorCardAuthority })
      const desk = new SignDesk(stage.agent.readers, () => {})
      const channel = stage.agent.openChannel({ sign: (job, news) => desk.sign(job, news, async () => {}) })
      let cookie = ''
      const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
        const headers = { cookie, ...(body && { 'content-type': 'application/json' }) }
        const options = { method, headers, ...(body && { body: JSON.stringify(body) }) }
        const response = await fetch(new URL(path, stage.server.url), options)
        cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
        return { status: response.status, body: await response.json().catch(() => ({})) }
      }
      const personId = await populate(stage)
      await issueBlocked(stage, personId, 'yubikey', 'OP-1')
      await ask('POST', '/api/session', { userName: OPERATOR.userName, password: OPERATOR.password })
      const seen = await vi.waitFor(async () => {
        const { body } = await ask('GET', '/api/connected-readers')
        const readers = body.readers as { agentId: string; reader: string }[]
        const found = readers.find(({ reader }) => reader === stage.reader.name)
        if (!found) throw new Error('not seen yet')
        return { agentId: found.agentId, reader: found.reader }
      }, 10_000)
      /** The card signs what the agent shows. */
      const sign = async (signingId: unknown): Promise<Signing> => {
        const shown = await vi.waitFor(() => {
          const written = desk.write()
          if (!written) throw new Error('nothing shown yet')
          return written
        }, 10_000)
        await desk.enterPin(shown.signId, ascii('123456'), false)
        return vi.waitFor(async () => {
          const signing = (await ask('GET', `/api/signings/${signingId}`)).body as unknown as Signing
          expect(signing.state).toBe('signed')
          return signing
        }, 10_000)
      }
      const add = async (card: VirtualCard): Promise<Answer> => {
        stage.reader.remove()
        stage.reader.insert(card)
        const wish = { password: OPERATOR.password, ...seen }
        const { signingId } = (await ask('POST', '/api/account/operator-card-signing', wish)).body
        await sign(signingId)
        return ask('POST', '/api/account/operator-cards', { signingId, label: 'Staff card' })
      }
      const release = async (): Promise<Answer> => {
        const { people } = (await ask('GET', '/api/people?search=OP-1')).body as {
          people: { cards: { id: string }[] }[]
        }
        const { body: unblock } = await ask('POST', '/api/unblocks', { cardId: people[0]?.cards[0]?.id })
        const cardId = people[0]?.cards[0]?.id
        const { body: verification } = await ask('POST', '/api/verifications', { cardId, procedure: 'telephone' })
        const sighting = { way: 'in-person', document: 'passport', isSameFace: true }
        await ask('POST', `/api/verifications/${verification.id}/sightings`, sighting)
        const wish = { challenge: '0123456789' }
        const written = (await ask('POST', `/api/unblocks/${unblock.id}/statement`, wish)).body as unknown
        const { nonce } = (written as StatementToSign).statement
        const { signingId } = (await ask('POST', '/api/signings', { unblockId: unblock.id, nonce, ...seen })).body
        const { certificate, signature } = await sign(signingId)
        return ask('POST', `/api/unblocks/${unblock.id}/cryptogram`, {
          ...wish,
          idempotencyKey: 'key-00000001',
          signed: { nonce, signature: { kind: 'card', certificate, signature } },
        })
      }
      const close = () => {
        channel.close()
        return stage.close()
      }
      return { add, release, close }
    }

    try {
      const played = await play([address, root.list()])
      const problem = (code: string) => ({ body: { type: `/problems/operator-card-${code}` } })
      expect(await played.add(revoked.card)).toMatchObject(problem('revoked'))
      expect(await played.add(foreign.card)).toMatchObject(problem('untrusted'))
      expect(await played.add(own.card)).toMatchObject({ status: 201 })
      // The signature counts: what is refused is the challenge, which no card drew.
      expect(await played.release()).toMatchObject({ body: { type: '/problems/challenge-misheard' } })
      await played.close()

      const blind = await play([address])
      expect(await blind.add(own.card)).toMatchObject(problem('revocation-unknown'))
      await blind.close()
    } finally {
      web.closeAllConnections()
      web.close()
      root.close()
      stranger.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
