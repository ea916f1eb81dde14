import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { needs } from '../../../../test/peers/needs.ts'
import { OpensslAuthority } from '../../../../test/peers/openssl-authority.ts'
import { openCardAuthority } from '../adapters/card-authority/card-authority.ts'
import type { World } from '../operations/operation.ts'
import { type StagedWorld, stageWorld } from '../operations/world.fixture.ts'
import { startRevocationLists } from './renew-revocation-lists.ts'

needs('openssl')('revocation lists of operators’ cards', () => {
  let stage: StagedWorld
  let root: OpensslAuthority
  const said: object[] = []
  beforeEach(async () => {
    stage = await stageWorld()
    stage.clock.at = new Date()
    root = OpensslAuthority.make()
    said.splice(0)
  })
  afterEach(async () => {
    root.close()
    await stage.close()
  })
  const worldOf = (...revocationLists: string[]): World => ({
    ...stage.world,
    clock: { now: () => new Date() },
    cardAuthority: openCardAuthority({ certificates: root.certificate, revocationLists }),
    log: { error: (facts) => void said.push(facts) },
  })

  it('are read at the start, and nothing is said', async () => {
    const world = worldOf(root.list())
    const lists = startRevocationLists(world)
    await vi.waitFor(() => expect(world.cardAuthority?.findings(new Date())).toEqual([]))
    await lists.close()
    expect(said).toEqual([])
  })

  it('that are missing are told by name', async () => {
    const lists = startRevocationLists(worldOf('/nowhere/root.crl'))
    await vi.waitFor(() => expect(said).toHaveLength(1))
    await lists.close()
    const missing = ['there is no revocation list of CN=Root', expect.stringMatching(/^\/nowhere\/root\.crl: ENOENT/)]
    expect(said).toEqual([{ findings: missing }])
  })

  it('do not hold up the server’s end while their address does not answer', async () => {
    const server = createServer(() => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const asked = once(server, 'request')
    const lists = startRevocationLists(worldOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/root.crl`))
    await asked
    const before = Date.now()
    await lists.close()
    expect(Date.now() - before).toBeLessThan(5000)
    expect(said).toEqual([])
    server.closeAllConnections()
    server.close()
  })

  it('are nobody’s business where no authority is configured', async () => {
    await startRevocationLists({ ...stage.world, cardAuthority: undefined }).close()
  })
})
