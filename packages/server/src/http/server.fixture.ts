import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AGENT_HEADERS, agentSignatureText, type Permission } from '@unlatch/contract'
import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { openExportFolder } from '../adapters/export-folder/export-folder.ts'
import { fileCarrier } from '../adapters/file/sealed-file.ts'
import { ldapDirectory } from '../adapters/ldap/ldap.ts'
import { oidcProvider } from '../adapters/oidc/oidc.ts'
import { writeEvidenceSheet } from '../adapters/pdf/evidence-sheet.ts'
import { letterCarrier } from '../adapters/pdf/letter.ts'
import { smtpCarrier } from '../adapters/smtp/smtp.ts'
import { webhookCarrier } from '../adapters/webhook/webhook.ts'
import { readConfig } from '../config.ts'
import type { OpenOptions } from '../db/open.ts'
import { sendCode } from '../jobs/send-code.ts'
import { testConnection } from '../jobs/test-connection.ts'
import { perform, type Settings } from '../operations/operation.ts'
import { addOperator } from '../operations/set-up/add-operator.ts'
import { STAGED_PASSWORD, type StagedWorld, stageRole, stageWorld } from '../operations/world.fixture.ts'
import { type Actor, SYSTEM } from '../records/actors.ts'
import { buildServer } from './server.ts'

/** The HTTP server over a staged world, without a socket. */
export interface StagedServer {
  readonly app: FastifyInstance
  readonly stage: StagedWorld
  /** Everything that was logged, at the most verbose level. */
  readonly logged: string[]
  /** Signs an operator in and returns the cookie. */
  signIn(permissions?: readonly Permission[]): Promise<string>
  station: StagedAgent
  holder: StagedAgent
  /** One that is not enrolled. */
  stranger: StagedAgent
  close(): Promise<void>
}

/** An agent with a key of its own. */
export interface StagedAgent {
  readonly publicKeyHex: string
  headers(
    method: string,
    path: string,
    body: string,
    changes?: { time?: string; nonce?: string },
  ): Record<string, string>
}

function makeAgent(clock: { now(): Date }): { publicKeyHex: string; agent: StagedAgent } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' })
  const publicKeyHex = Buffer.from(x as string, 'base64url')
    .toString('hex')
    .toUpperCase()
  return { publicKeyHex, agent: { publicKeyHex, headers: headersBy(privateKey, publicKeyHex, clock) } }
}

const headersBy =
  (key: KeyObject, publicKeyHex: string, clock: { now(): Date }): StagedAgent['headers'] =>
  (method, path, body, changes = {}) => {
    const time = changes.time ?? clock.now().toISOString()
    const nonce = changes.nonce ?? randomBytes(16).toString('hex')
    const bodySha256Hex = createHash('sha256').update(body).digest('hex')
    const text = agentSignatureText({ method, path, time, nonce, bodySha256Hex })
    return {
      'content-type': 'application/json',
      [AGENT_HEADERS.agent]: publicKeyHex,
      [AGENT_HEADERS.time]: time,
      [AGENT_HEADERS.nonce]: nonce,
      [AGENT_HEADERS.signature]: sign(null, Buffer.from(text), key).toString('base64'),
    }
  }

export async function stageServer(settings: Partial<Settings> & OpenOptions = {}): Promise<StagedServer> {
  const staged = await stageWorld({ ...settings, isDemo: settings.isDemo ?? true })
  const webFolder = join(staged.folder, 'web')
  mkdirSync(webFolder)
  mkdirSync(join(webFolder, 'assets'))
  for (const page of ['console.html', 'not-me.html'])
    writeFileSync(join(webFolder, page), '<script nonce="__NONCE__"></script>')
  const [station, holder] = [makeAgent(staged.clock), makeAgent(staged.clock)]
  const config = readConfig({
    folder: staged.folder,
    webFolder,
    isDemo: settings.isDemo ?? true,
    agents: [
      { publicKeyHex: station.publicKeyHex, name: 'station', isStation: true },
      { publicKeyHex: holder.publicKeyHex, name: 'holder', isStation: false },
    ],
  })
  const { agents } = config
  const stage = { ...staged, world: { ...staged.world, settings: { ...staged.world.settings, agents } } }
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) })
  const status = { version: 'test', isDemo: true, helpDeskPhone: '' }
  const clientConfiguration = async () => ({ document: '{}', signature: '' })
  const { world, channel } = stage
  const exports = openExportFolder(join(stage.folder, 'export'))
  const carriers = {
    smtp: smtpCarrier,
    letter: letterCarrier(exports),
    file: fileCarrier(exports),
    webhook: webhookCarrier,
  }
  const test = (wish: object, actor: Actor) =>
    testConnection(world, { carriers, directory: ldapDirectory, provider: oidcProvider }, config, wish, actor)
  const app = await buildServer({
    world,
    channel,
    config,
    log,
    status,
    clientConfiguration,
    testConnection: test,
    sendCode: (wish, actor) => sendCode(world, carriers, config, wish, actor),
    directory: ldapDirectory,
    provider: oidcProvider,
    writeEvidenceSheet,
  })
  let count = 0
  return {
    app,
    stage,
    logged,
    station: station.agent,
    holder: holder.agent,
    stranger: makeAgent(stage.clock).agent,
    async signIn(permissions = ['person:read', 'unblock:release']) {
      const userName = `door-${++count}`
      await perform(
        addOperator,
        stage.world,
        {
          name: `Name of ${userName}`,
          userName,
          password: STAGED_PASSWORD,
          roles: [await stageRole(stage.world, permissions)],
        },
        SYSTEM,
      )
      const answer = await app.inject({
        method: 'POST',
        url: '/api/session',
        payload: { userName, password: STAGED_PASSWORD },
      })
      return String(answer.headers['set-cookie']).split(';')[0] ?? ''
    },
    async close() {
      await app.close()
      await stage.close()
    },
  }
}
