import { type Agent, chooseReader, contactCard, findFamily, issueCard } from '@unlatch/agent'
import type { FactoryAdminKey } from '@unlatch/contract'
import { type AgentOptions, withAgent } from './terminal-agent.ts'

/** The station's commands: Register and Issue, and a card's contact. */

const toolsOf = ({ readers, server, configuration }: Agent) => ({ readers, server, configuration: configuration() })

/** `register`: the card in the reader becomes a person's; nothing is written to it yet. */
export async function register(
  options: AgentOptions & {
    user: string
    serial: string
    label: string
    adminTries?: string
    factoryKey?: FactoryAdminKey
  },
): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    const family = await findFamily(agent.readers, await chooseReader(agent.readers, options.reader))
    const { user: userName, serial: printedSerial, label, adminTries, factoryKey } = options
    const limit = adminTries === undefined ? {} : { adminKeyTriesLimit: Number(adminTries) }
    const { cardId } = await agent.server.registerCard({
      userName,
      family,
      label,
      printedSerial,
      ...limit,
      ...(factoryKey && { factoryAdminKey: factoryKey }),
    })
    console.log(cardId)
    console.error(`Registered a ${family.toUpperCase()} card for ${userName}. Next: unlatch issue --card ${cardId}`)
  })
}

/** `issue`: the card gets its secrets; after a tear the same command goes on. */
export async function issue(options: AgentOptions & { card: string }): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    await issueCard(toolsOf(agent), await chooseReader(agent.readers, options.reader), options.card)
    console.error('Issued: its secrets are its own now. The PIN is the one that it came with: its holder changes it.')
  })
}

const ENDS = {
  done: 'Its PUK was exchanged: nobody outside knows it.',
  'not-needed': 'Nothing to do: nobody outside knows its PUK.',
  'not-possible': 'Its PUK could not be exchanged: see the card in the console.',
} as const

/** `contact`: the card proves itself, and its PUK is exchanged where somebody outside may know it. */
export async function contact(options: AgentOptions): Promise<void> {
  await withAgent(options, async (agent) => {
    await agent.contactServer()
    console.error(ENDS[await contactCard(toolsOf(agent), await chooseReader(agent.readers, options.reader))])
  })
}
