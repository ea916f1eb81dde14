import { randomUUID } from 'node:crypto'
import {
  contactCard,
  type IssueWish,
  issueCard,
  type Journal,
  OfflineUnblock,
  type ServerClient,
  virtualReaders,
} from '@unlatch/agent'
import { ascii, writeHex } from '@unlatch/card'
import { type Permission, Problem, type RegisterCard, type Report } from '@unlatch/contract'
import { createVirtualCard, type VirtualCard, type VirtualCardKind, VirtualReader } from '@unlatch/virtual-cards'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { issueCard as issue } from '../../packages/server/src/operations/register/issue-card.ts'
import { personaliseCard } from '../../packages/server/src/operations/register/personalise-card.ts'
import { registerCard } from '../../packages/server/src/operations/register/register-card.ts'
import { reissueCard } from '../../packages/server/src/operations/register/reissue-card.ts'
import { rotatePuk, touchCard } from '../../packages/server/src/operations/rotate/rotate-puk.ts'
import { releaseSigned } from '../../packages/server/src/operations/signed-release.fixture.ts'
import { confirmUnblock } from '../../packages/server/src/operations/unblock/confirm.ts'
import { openUnblock } from '../../packages/server/src/operations/unblock/open-unblock.ts'
import { reportUnblock } from '../../packages/server/src/operations/unblock/report.ts'
import { reportPuc } from '../../packages/server/src/operations/unblock/report-puc.ts'
import { collectUnblock } from '../../packages/server/src/operations/unblock-connected/collect-unblock.ts'
import { dropUnblock } from '../../packages/server/src/operations/unblock-connected/drop-unblock.ts'
import { readyUnblock } from '../../packages/server/src/operations/unblock-connected/ready-unblock.ts'
import { reportConnected } from '../../packages/server/src/operations/unblock-connected/report-connected.ts'
import { type StagedWorld, stageWorld } from '../../packages/server/src/operations/world.fixture.ts'
import type { Actor } from '../../packages/server/src/records/actors.ts'
import { connectedProgress } from '../../packages/server/src/records/connected-unblocks/views.ts'
import { cardPinPolicy } from '../../packages/server/src/records/templates/views.ts'
import { look } from '../../packages/server/src/records/view.ts'

/** Real operations over a real database and key service, real agent tasks and virtual cards; only HTTP is left out. */
export interface SecretsStage {
  readonly staged: StagedWorld
  readonly station: AgentAt
  /** Another agent; a station where `isStation`. */
  agent(id: string, isStation: boolean): AgentAt
  register(wish: Partial<RegisterCard> & Pick<RegisterCard, 'family'>): Promise<string>
  personId: string
  operator: Actor
  /** A YubiKey (or another PIV card), issued at the station. */
  issuedPiv(kind?: VirtualCardKind): Promise<{ card: VirtualCard; cardId: string }>
  /**
   * A whole call with the card in this agent's reader; its report reaches the server unless `isReported` is false.
   *
   * @returns the problem that it ended with at the card, the unblock's id, and the report.
   */
  call(
    at: AgentAt,
    on: { card: VirtualCard; cardId: string },
    how?: { isUsed?: boolean; isReported?: boolean; isConfirmed?: boolean },
  ): Promise<{ problem: string | undefined; unblockId: string; report: Report | undefined; receipt: string | null }>
  close(): Promise<void>
}

/** An agent with a reader of its own. */
export interface AgentAt {
  readonly reader: VirtualReader
  readonly client: ServerClient
  readonly tools: Parameters<typeof contactCard>[0]
  issue(cardId: string, card: VirtualCard, wish?: IssueWish): Promise<void>
  contact(card: VirtualCard, hasConsent?: boolean): ReturnType<typeof contactCard>
}

const HOLDER: Permission[] = ['agent:report', 'card:contact']
const STATION: Permission[] = [...HOLDER, 'card:register', 'card:rotate']

const nobody = async (): Promise<never> => {
  throw new Error('nobody helps himself here')
}
const NO_SELF_SERVICE = {
  openSelfService: nobody,
  proveSelfService: nobody,
  selfServiceProgress: nobody,
  answerSelfService: nobody,
  beginSelfServiceWay: nobody,
  finishIdentityProvider: nobody,
  releaseSelfService: nobody,
  openHolderSession: nobody,
  proveHolderSession: nobody,
  holderCards: nobody,
  holderSignIn: nobody,
  addOneTimePassword: nobody,
  confirmOneTimePassword: nobody,
  removeOneTimePassword: nobody,
  inviteOwnPasskey: nobody,
  removeOwnPasskey: nobody,
  closeHolderSession: nobody,
}

export async function openSecretsStage(settings: Parameters<typeof stageWorld>[0] = {}): Promise<SecretsStage> {
  const staged = await stageWorld(settings)
  const { world } = staged
  const personId = await staged.person()
  let count = 0

  function agent(id: string, isStation: boolean): AgentAt {
    const permissions = new Set(isStation ? STATION : HOLDER)
    const actor: Actor = { kind: 'agent', id, name: id, userName: '', permissions, sessionId: '' }
    const client: ServerClient = {
      hello: async () => {
        throw new Error('nobody says hello here')
      },
      report: async (report) => void (await perform(reportUnblock, world, report, actor)),
      reportPuc: async (report) => void (await perform(reportPuc, world, report, actor)),
      pinPolicy: async (cardUuid) => (await look(cardPinPolicy, world, { cardUuid }, actor)).policy,
      unblockProgress: (unblockId) => look(connectedProgress, world, { unblockId }, actor),
      readyUnblock: async (ready) => void (await perform(readyUnblock, world, ready, actor)),
      collectUnblock: (collect) => perform(collectUnblock, world, collect, actor),
      reportConnected: async (report) => void (await perform(reportConnected, world, report, actor)),
      dropUnblock: async (drop) => void (await perform(dropUnblock, world, drop, actor)),
      selfServiceOffer: async () => ({ obstacle: 'self-service-not-allowed' }),
      ...NO_SELF_SERVICE,
      answerSigning: async () => {
        throw new Error('nobody signs here')
      },
      registerCard: (wish) => perform(registerCard, world, wish, actor),
      issueCard: (wish) => perform(issue, world, wish, actor),
      reissueCard: (wish) => perform(reissueCard, world, wish, actor),
      personaliseCard: (answers) => perform(personaliseCard, world, answers, actor),
      touchCard: (touch) => perform(touchCard, world, touch, actor),
      rotatePuk: (answer) => perform(rotatePuk, world, answer, actor),
    }
    const reader = new VirtualReader(id)
    const configuration = {
      version: 1,
      unblockKeys: world.keys.unblockPoints.map(writeHex),
      pinPolicy: { version: 1, minLength: 6, maxLength: 8, longestRepeat: 8, longestSequence: 8, blockList: [] },
      helpDeskPhone: '',
      organisation: '',
    }
    const tools = { readers: virtualReaders([reader]), server: client, configuration }
    return {
      reader,
      client,
      tools,
      async issue(cardId, card, wish = {}) {
        if (reader.card !== card) reader.insert(card)
        await issueCard(tools, reader.name, cardId, wish)
      },
      async contact(card, hasConsent = false) {
        if (reader.card !== card) reader.insert(card)
        return contactCard(tools, reader.name, hasConsent)
      },
    }
  }

  const station = agent('station', true)
  const operator = await staged.operator(['person:read', 'unblock:release', 'unblock:supervise'])
  const stage: SecretsStage = {
    staged,
    station,
    agent,
    personId,
    async register(wish) {
      const rest = { personId, label: 'card', printedSerial: `SEC-${++count}`, adminKeyTriesLimit: 3 }
      return (await station.client.registerCard({ ...rest, ...wish })).cardId
    },
    operator,
    async issuedPiv(kind = 'yubikey') {
      const card = createVirtualCard(kind)
      const cardId = await stage.register({ family: 'piv' })
      await station.issue(cardId, card)
      station.reader.remove()
      return { card, cardId }
    },
    async call(at, { card, cardId }, { isUsed = true, isReported = true, isConfirmed = false } = {}) {
      at.reader.insert(card)
      let report: Report | undefined
      const journal: Journal = {
        intend: async () => {},
        async settle({ attemptId: _, ...outcome }) {
          if ('challenge' in outcome) report = outcome
        },
        unreported: async () => [],
        markReported: async () => {},
      }
      const { readers, configuration } = at.tools
      const attempt = await OfflineUnblock.begin(
        { readers, configuration, journal, now: () => staged.clock.now() },
        at.reader.name,
        true,
      )
      let problem: string | undefined
      let receipt: string | null = null
      const { id: unblockId } = await perform(openUnblock, world, { cardId }, operator)
      try {
        const wish = { unblockId, challenge: attempt.way.challenge }
        const { code } = await releaseSigned(world, { ...wish, idempotencyKey: randomUUID() }, operator)
        await attempt.enterCryptogram(ascii(code))
        if (isUsed) receipt = (await attempt.setNewPin(ascii('490712'), true)).receipt
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        problem = error.code
        receipt = typeof error.facts.receipt === 'string' ? error.facts.receipt : null
      } finally {
        await attempt.end()
      }
      if (report && isReported) await at.client.report(report)
      if (isConfirmed && receipt) await perform(confirmUnblock, world, { unblockId, receipt }, operator)
      return { problem, unblockId, report, receipt }
    },
    close: () => staged.close(),
  }
  return stage
}
