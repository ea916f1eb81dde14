import { DEFAULT_DEMAND, DEFAULT_SELF_SERVICE, type TemplateDocument } from '@unlatch/contract'
import { SYSTEM } from '../records/actors.ts'
import { getCard } from '../records/cards/cards.ts'
import { type Connection, markTested } from '../records/connections/connections.ts'
import { queuePuc } from '../records/outbox/outbox.ts'
import { addConnection } from './connections/add-connection.ts'
import { perform } from './operation.ts'
import { addTemplate } from './templates/add-template.ts'
import type { StagedPivCard, StagedWorld } from './world.fixture.ts'

/** A PIV template that can be used, with these changes. */
export const templateOf = (changes: Partial<TemplateDocument> = {}): TemplateDocument => ({
  family: 'piv',
  kinds: [],
  pin: {
    preset: 'fips-201-3',
    minLength: 6,
    maxLength: 8,
    longestRepeat: 2,
    longestSequence: 3,
    blockList: [],
    refusesPersonal: false,
  },
  puc: 'none',
  connectionId: null,
  tellsWindowsForm: false,
  allows: { operator: true, telephone: true, selfService: false },
  cardRoute: 'handed-over',
  verification: DEFAULT_DEMAND,
  selfService: DEFAULT_SELF_SERVICE,
  fourEyes: false,
  standard: 'none',
  ...changes,
})

const SMTP = {
  host: 'localhost',
  port: 465,
  security: 'implicit',
  authority: '',
  userName: 'u',
  from: 'a@b.example',
} as const

const ADMINISTRATOR = {
  ...SYSTEM,
  permissions: new Set(['connection:write', 'template:write', 'puc:read', 'puc:deliver'] as const),
}

/** A mail server as a connection, tested; and a template that delivers by it. */
export async function stageTemplate(
  { world }: StagedWorld,
  changes: Partial<TemplateDocument> = {},
): Promise<{ connectionId: string; templateId: string }> {
  const { id: connectionId } = await perform(
    addConnection,
    world,
    { kind: 'smtp', name: `Mail ${Math.random()}`, smtp: SMTP, secret: 'mail-password' },
    ADMINISTRATOR,
  )
  await world.database.transaction((tx) => markTested(tx, connectionId, 1, world.clock.now()))
  const document = templateOf({ puc: 'delivered', connectionId, ...changes })
  const wish = { name: `Template ${Math.random()}`, document }
  const { id: templateId } = await perform(addTemplate, world, wish, ADMINISTRATOR)
  return { connectionId, templateId }
}

/** An issued card of a template, whose PUC is in the outbox as the end of an issuance puts it there. */
export async function stageDelivery(stage: StagedWorld, personId: string, templateId: string): Promise<StagedPivCard> {
  const card = await stage.pivCard(personId)
  await stage.database.transaction(async (tx) => {
    await tx
      .updateTable('cards')
      .set({ template_id: templateId, template_version: 1 })
      .where('id', '=', card.id)
      .execute()
    await queuePuc(tx, await getCard(tx, card.id), { epoch: 0, counter: 1 }, stage.clock.now())
  })
  return card
}

/** A mail server as its row says, with these changes. */
export const readConnectionOf = (changes: Partial<Connection>): Connection => ({
  id: 'c',
  name: 'Mail',
  details: { kind: 'smtp', smtp: { ...SMTP } },
  sealedSecret: null,
  isRemoved: false,
  testedAt: null,
  revision: 1,
  ...changes,
})
