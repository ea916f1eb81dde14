import { contactCard, issueCard, type ServerClient, virtualReaders } from '@unlatch/agent'
import { writeHex } from '@unlatch/card'
import type { CurrentSecrets, Permission, RegisterCard } from '@unlatch/contract'
import { type VirtualCard, VirtualReader } from '@unlatch/virtual-cards'
import { perform } from '../../packages/server/src/operations/operation.ts'
import { issueCard as issue } from '../../packages/server/src/operations/register/issue-card.ts'
import { personaliseCard } from '../../packages/server/src/operations/register/personalise-card.ts'
import { registerCard } from '../../packages/server/src/operations/register/register-card.ts'
import { reissueCard } from '../../packages/server/src/operations/register/reissue-card.ts'
import { rotatePuk, touchCard } from '../../packages/server/src/operations/rotate/rotate-puk.ts'
import { reportUnblock } from '../../packages/server/src/operations/unblock/report.ts'
import { type StagedWorld, stageWorld } from '../../packages/server/src/operations/world.fixture.ts'
import type { Actor } from '../../packages/server/src/records/actors.ts'

/** Real operations over a real database and key service, real agent tasks and virtual cards; only HTTP is left out. */
export interface SecretsStage {
  readonly staged: StagedWorld
  readonly station: AgentAt
  /** Another agent; a station where `isStation`. */
  agent(id: string, isStation: boolean): AgentAt
  register(wish: Partial<RegisterCard> & Pick<RegisterCard, 'family'>): Promise<string>
  personId: string
  close(): Promise<void>
}

/** An agent with a reader of its own. */
export interface AgentAt {
  readonly reader: VirtualReader
  readonly client: ServerClient
  readonly tools: Parameters<typeof contactCard>[0]
  issue(
    cardId: string,
    card: VirtualCard,
    wish?: { currentSecrets?: CurrentSecrets; isFreshCard?: boolean },
  ): Promise<void>
  contact(card: VirtualCard, hasConsent?: boolean): ReturnType<typeof contactCard>
}

const HOLDER: Permission[] = ['agent:report', 'card:contact']
const STATION: Permission[] = [...HOLDER, 'card:register', 'card:rotate']

export async function openSecretsStage(settings: Parameters<typeof stageWorld>[0] = {}): Promise<SecretsStage> {
  const staged = await stageWorld(settings)
  const { world } = staged
  const personId = await staged.person()
  let count = 0

  function agent(id: string, isStation: boolean): AgentAt {
    const permissions = new Set(isStation ? STATION : HOLDER)
    const actor: Actor = { kind: 'agent', id, name: id, userName: '', permissions, sessionId: '' }
    const client: ServerClient = {
      report: async (report) => void (await perform(reportUnblock, world, report, actor)),
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
  return {
    staged,
    station,
    agent,
    personId,
    async register(wish) {
      const rest = { personId, label: 'card', printedSerial: `SEC-${++count}`, adminKeyTriesLimit: 3 }
      return (await station.client.registerCard({ ...rest, ...wish })).cardId
    },
    close: () => staged.close(),
  }
}
