import { type Agent, chooseReader, contactCard, issueCard, lookAtCard } from '@unlatch/agent'
import type { FactoryAdminKey } from '@unlatch/contract'
import { askCurrentSecrets } from './current-keys.ts'
import { type AgentOptions, withAgent } from './terminal-agent.ts'

/** The station's commands: Register and Issue, and a card's contact. */

const toolsOf = ({ readers, server, configuration }: Agent) => ({ readers, server, configuration: configuration() })

/** `register`: the card in the reader becomes a person's; nothing is written to it yet. */
export async function register(
  options: AgentOptions & {
    user: string
    serial: string
    label: string
    template?: string
    adminTries?: string
    factoryKey?: FactoryAdminKey
  },
): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    const { family, hardwareNumber } = await lookAtCard(
      agent.readers,
      await chooseReader(agent.readers, options.reader),
    )
    const { user: userName, serial: printedSerial, label, template, adminTries, factoryKey } = options
    const limit = adminTries === undefined ? {} : { adminKeyTriesLimit: Number(adminTries) }
    const { cardId } = await agent.server.registerCard({
      userName,
      family,
      label,
      printedSerial,
      hardwareNumber,
      ...limit,
      ...(template !== undefined && { templateName: template }),
      ...(factoryKey && { factoryAdminKey: factoryKey }),
    })
    console.log(cardId)
    console.error(`Registered a ${family.toUpperCase()} card for ${userName}. Next: unlatch issue --card ${cardId}`)
  })
}

/** `issue`: the card gets its secrets; after a tear the same command goes on. */
export async function issue(
  options: AgentOptions & {
    card: string
    currentKeys?: boolean
    currentKeysFd?: string
    freshCard?: boolean
    factoryKey?: FactoryAdminKey
  },
): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    const reader = await chooseReader(agent.readers, options.reader)
    const { card, currentKeysFd, currentKeys = false, freshCard: isFreshCard = false, factoryKey } = options
    const isAsked = currentKeys || currentKeysFd !== undefined
    const { family } = await lookAtCard(agent.readers, reader)
    const currentSecrets = isAsked ? await askCurrentSecrets(family, currentKeysFd) : undefined
    await issueCard(toolsOf(agent), reader, card, {
      isFreshCard,
      ...(currentSecrets && { currentSecrets }),
      ...(factoryKey && { factoryAdminKey: factoryKey }),
    })
    console.error('Issued: its secrets are its own now. The PIN is the one that it came with: its holder changes it.')
  })
}

/** `reissue`: a card of ours is registered for another person, and gets the next generation of its secrets. */
export async function reissue(options: AgentOptions & { card: string; user: string; label?: string }): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    const { card: cardId, user: userName, label } = options
    await agent.server.reissueCard({ cardId, userName, ...(label !== undefined && { label }) })
    console.error(`Registered for ${userName}. If it is torn from here on: unlatch issue --card ${cardId}`)
    await issueCard(toolsOf(agent), await chooseReader(agent.readers, options.reader), cardId)
    console.error('Issued again: nothing that its last holder knows opens it, but for its PIN. Set another PIN now.')
    console.error('Certificates of its last holder are still on it until they are replaced.')
  })
}

const ENDS = {
  done: 'Nobody outside knows its PUK any more; a GIDS card proved its admin key.',
  exchanged: 'Its PUK was exchanged here. A station exchanges it once more: until then it counts as known to somebody.',
  'not-needed': 'Nothing to do: nobody outside knows its secret.',
  'not-possible': 'Its PUK could not be exchanged, or its admin key not be proved: see the card in the console.',
  'consent-needed':
    'Whether it has the secret on record is not sure, and finding out spends a try. If its holder agrees and a supervisor approved it in the console: unlatch contact --consent',
} as const

/** `contact`: the card proves itself, and its PUK is exchanged where somebody outside may know it. */
export async function contact(options: AgentOptions & { consent?: boolean }): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    const reader = await chooseReader(agent.readers, options.reader)
    console.error(ENDS[await contactCard(toolsOf(agent), reader, options.consent)])
  })
}
