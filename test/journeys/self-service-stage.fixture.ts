import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  type Agent,
  contactCard,
  type Loopback,
  openLoopback,
  SelfServiceUnblock,
  type ServerClient,
} from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import type { DirectorySettings, SelfServiceDemand, TemplateDocument } from '@unlatch/contract'
import {
  createVirtualCard,
  openCardFile,
  type VirtualCard,
  type VirtualCardKind,
  type VirtualCardOptions,
} from '@unlatch/virtual-cards'
import { screenToolsOf } from '../../packages/unlatch/src/agent.ts'
import type { OperatorClient } from '../../packages/unlatch/src/demo/operator-client.ts'
import { addDemoOperator, blockPin, issue, openStage, type Stage } from '../../packages/unlatch/src/demo/stage.ts'
import { aloneBy } from '../../packages/unlatch/src/demo/templates.ts'
import { WEB_FOLDER } from '../../packages/unlatch/src/web-folder.ts'
import { personLdif, type Slapd, startSlapd } from '../peers/slapd.ts'
import { NEW_PIN, signIn } from './played-call.ts'

/** A person out of a real directory, whose cards' templates allow self-service; and her computer. */

/** Password of her account. */
export const EVA_PASSWORD = 'seven brave swans'
export const EVA = { uid: 'eva', cn: 'Eva Berg', mail: 'eva@clinic.example', userPassword: EVA_PASSWORD }

export interface SelfServiceStage extends SelfServicePerson {
  readonly slapd: Slapd
}

/** The same at any directory. */
interface SelfServicePerson {
  readonly stage: Stage
  /** Everything that server and agents keep. */
  readonly folder: string
  readonly operator: OperatorClient
  readonly personId: string
  /** The line between her agent and the server. */
  line: (server: ServerClient) => ServerClient
  /** A card of hers by a template that demands this, blocked. */
  issueBlocked(
    kind: VirtualCardKind,
    wish?: {
      demand?: Partial<SelfServiceDemand>
      document?: Partial<TemplateDocument>
      options?: VirtualCardOptions
      /** Its memory is kept there. */
      path?: string
    },
  ): Promise<VirtualCard>
  /** Puts a card into her reader, and begins. */
  begin(card: VirtualCard): Promise<SelfServiceUnblock>
  /** The whole of it, with the password of her account. */
  unblock(card: VirtualCard, password?: string): Promise<void>
  /** Seven days go by for every passkey and one-time password. */
  endWait(): void
  /** Her agent's page, with its virtual reader empty. */
  openPages(): Promise<Loopback>
  /** Her agent tells what it knows, and lets the card make its contact. */
  contact(): Promise<unknown>
  close(): Promise<void>
}

export async function openSelfServiceStage(
  people: readonly Parameters<typeof personLdif>[0][] = [EVA],
): Promise<SelfServiceStage> {
  const slapd = await startSlapd(people.map(personLdif).join(''))
  const person = await openSelfServiceAt({ settings: slapd.settings(), secret: slapd.password }, 'Eva')
  const { close } = person
  return Object.assign(person, {
    slapd,
    async close() {
      await close()
      await slapd.stop()
    },
  })
}

/** @param words - by which the directory finds her. */
export async function openSelfServiceAt(
  { settings, secret }: { readonly settings: DirectorySettings; readonly secret: string },
  words: string,
): Promise<SelfServicePerson> {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-self-service-'))
  const stage = await openStage(folder, { releasesPerHour: 10_000 })
  await addDemoOperator(stage)
  const operator = await signIn(stage)
  const directory = { kind: 'directory', name: 'Directory', directory: settings, secret } as const
  const { id: directoryId } = await operator.addConnection(directory)
  await operator.testConnection(directoryId, '')
  const { entries } = await operator.searchDirectory(directoryId, words)
  await operator.takePeople(directoryId, [entries[0]?.key ?? ''])
  const found = await operator.findPeople(words)
  const personId = found.people[0]?.id ?? ''
  let count = 0

  const toolsOf = ({ readers, journal, server, keySha256, configuration }: Agent) => {
    return {
      readers,
      journal,
      keySha256,
      server: it.line(server),
      configuration: configuration(),
      now: () => new Date(),
    }
  }
  const it: SelfServicePerson = {
    stage,
    folder,
    operator,
    personId,
    line: (server) => server,
    async issueBlocked(kind, { demand = {}, document = {}, options = {}, path } = {}) {
      const number = ++count
      const base = aloneBy({ ways: ['domain'], ...demand }, kind === 'gids' ? 'gids' : 'piv')
      const template = { name: `Self ${number}`, document: { ...base, ...document } }
      const { id: templateId } = await operator.addTemplate(template)
      const card = path === undefined ? createVirtualCard(kind, options) : openCardFile(path, kind, options)
      const wish = { kind, label: `${kind} card`, printedSerial: `SELF-${number}`, isBlocked: true }
      await issue(stage, card, wish, personId, templateId)
      blockPin(card)
      return card
    },
    async begin(card) {
      // One that is there already may be about to be torn.
      if (stage.holder.reader.card !== card) stage.holder.reader.insert(card)
      return SelfServiceUnblock.begin(toolsOf(stage.holder.agent), stage.holder.reader.name)
    },
    async unblock(card, password = EVA_PASSWORD) {
      const attempt = await it.begin(card)
      attempt.onStep = (step) => {
        if (step === 'authenticate' && !attempt.view.isMet)
          attempt.answer('domain', new TextEncoder().encode(password)).catch(() => attempt.end())
      }
      await attempt.setNewPin(ascii(NEW_PIN), false)
    },
    endWait() {
      const database = new DatabaseSync(join(folder, 'server', 'unlatch.db'), { timeout: 5000 })
      database.exec(`UPDATE person_passkeys SET usable_from = '2020-01-01T00:00:00.000Z'`)
      database.exec(`UPDATE one_time_passwords SET usable_from = '2020-01-01T00:00:00.000Z'`)
      database.close()
    },
    openPages: () =>
      openLoopback({ ...screenToolsOf(stage.holder.agent), panel: undefined }, { webFolder: WEB_FOLDER }),
    async contact() {
      const { agent, reader } = stage.holder
      await agent.contactServer()
      return contactCard({ ...toolsOf(agent), server: agent.server }, reader.name)
    },
    async close() {
      await stage.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return it
}
