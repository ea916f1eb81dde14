import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeHex } from '@unlatch/card'
import type { RunningServer } from '@unlatch/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openServer, signIn } from './call-stage.fixture.ts'
import { linesOf, runStation, writeForeignCard } from './foreign-card.fixture.ts'

/** A card of another system at a station's terminal: refused, taken over, and given to somebody else. */

let folder: string
let server: RunningServer
const person = { department: 'd', email: 'p@example.org', phone: '+1', manager: 'm' }
let nils: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unlatch-station-'))
  server = await openServer(folder)
  await server.addPerson({ ...person, name: 'Pia Person', userName: 'pia' })
  nils = (await server.addPerson({ ...person, name: 'Nils Next', userName: 'nils' })).id
})
afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

test('register, issue, reissue, contact', { timeout: 60_000 }, async () => {
  const path = join(folder, 'foreign.json')
  const secrets = writeForeignCard(path)
  const station = (words: string[], lines?: string) =>
    runStation(
      [
        ...words,
        ...['--virtual-card', path, '--folder', join(folder, 'agent')],
        ...['--server', server.url, '--configuration-key', server.configurationKeyHex],
      ],
      lines,
    )
  const registered = await station(['register', '--user', 'pia', '--serial', 'F-1'])
  const cardId = registered.stdout.trim()
  expect(registered.status).toBe(0)

  const refused = await station(['issue', '--card', cardId])
  expect(refused.status).toBe(6)
  expect(refused.stderr).toContain('the card has a secret that is not known here')
  expect(refused.stderr).toContain('belongs to another system')

  const wrong = await station(['issue', '--card', cardId, '--current-keys-fd', '3'], '730946\naes192:12\n')
  expect(wrong.status).toBe(2)
  expect(wrong.stderr).not.toContain('730946')

  const issued = await station(['issue', '--card', cardId, '--current-keys-fd', '3'], linesOf(secrets))
  expect(issued).toMatchObject({ status: 0, stdout: '' })
  expect(issued.stderr).not.toContain(secrets.puk)
  const memory = readFileSync(path, 'utf8')
  expect(memory).not.toContain(writeHex(secrets.managementKey))
  expect(memory).not.toContain('373330393436FFFF')

  expect((await station(['contact', '--consent'])).stderr).toContain('Nothing to do')
  const given = await station(['reissue', '--card', cardId, '--user', 'nils', '--label', 'Second life'])
  expect(given).toMatchObject({ status: 0, stdout: '' })
  expect(given.stderr).toContain('nothing that its last holder knows opens it')
  const { cards } = await (await signIn(server)).person(nils)
  expect(cards).toMatchObject([{ id: cardId, label: 'Second life', state: 'issued', printedSerial: 'F-1' }])
})
