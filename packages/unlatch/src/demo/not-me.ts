import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { OfflineUnblock } from '@unlatch/agent'
import { type NoticeAnswer, NoticeTold, Problem } from '@unlatch/contract'
import type { VirtualCard } from '@unlatch/virtual-cards'
import { readMail } from './desk-mail.ts'
import type { MailServer } from './mail-server.ts'
import { OperatorClient } from './operator-client.ts'
import { say } from './say.ts'
import { blockPin, type Stage } from './stage.ts'

/** Who looks into what an operator did. Password alone: refused outside the demo. */
const SUPERVISOR = { name: 'Sven Supervisor', userName: 'sven', password: 'quiet-river-demo' }

/** How long a notice may take until it arrives, in milliseconds. */
const PATIENCE_MS = 15_000

/** What a cardholder is told after a call, that it was not them, and how the card comes back. */
export async function playNotMe(
  { stage, operator, mail }: { stage: Stage; operator: OperatorClient; mail: MailServer },
  on: { card: VirtualCard; cardId: string; email: string },
): Promise<boolean> {
  console.log(`\n── this was not me ${'─'.repeat(43)}`)
  const { card, cardId, email } = on
  const { url } = stage.server
  const { text, token } = await findNotice(mail, email)
  say('Cardholder', `gets a mail: ${/^.*new PIN.*$/m.exec(text)?.[0] ?? ''}`)
  const told = await ask(url, '/api/not-me/notice', { token })
  say('Cardholder', `opens its link: ${told.operatorName}, ${told.at}, "${told.words}". Nothing happens by that`)
  const answered = await ask(url, '/api/not-me/answer', { token, answer: 'not-me' })
  say('Cardholder', `says "this was not me": the card is ${answered.isSuspended ? 'suspended' : 'NOT SUSPENDED'} here`)
  say('Server', `says that it still works elsewhere: nobody is chosen who stops it there (${answered.report.state})`)

  blockPin(card)
  const refusal = await tryAgain(stage, operator, card, cardId)
  say('Operator', `is asked for a cryptogram once more: ${refusal.message.toLowerCase()}`)
  const second = await signInSupervisor(stage)
  const [incident] = await second.incidents()
  if (!incident) throw new Error('no incident stands')
  say('Supervisor', `Evidence > Incidents: ${incident.personName}, done by ${incident.operatorName}`)
  const seen = { document: 'identity-card', isSameFace: true }
  const closing = { note: 'The call was genuine: a colleague had read the mail', seen }
  const own = await operator.closeIncident(incident.id, closing).catch((error) => error)
  if (!(own instanceof Problem) || own.code !== 'incident-own') throw new Error('who did it lifted it himself')
  say('Operator', `tries to close it himself: ${own.message.toLowerCase()}`)
  const { isLifted, cardState } = await second.closeIncident(incident.id, closing)
  say('Supervisor', `sees the cardholder in person and closes it: the card is ${cardState}`)
  return answered.isSuspended && refusal.code === 'card-suspended' && isLifted && cardState === 'issued'
}

async function signInSupervisor(stage: Stage): Promise<OperatorClient> {
  await stage.server.addOperator({ ...SUPERVISOR, roles: ['supervisor'] })
  const client = new OperatorClient(stage.server.url)
  await client.signIn(SUPERVISOR.userName, SUPERVISOR.password)
  return client
}

/** The mail that says that the card has a new PIN, and what stands behind the `#` of its link. */
async function findNotice(mail: MailServer, email: string): Promise<{ text: string; token: string }> {
  const until = Date.now() + PATIENCE_MS
  while (Date.now() < until) {
    for (const arrived of mail.mails.filter(({ to }) => to.includes(email))) {
      const { text, subject } = await readMail(arrived)
      const token = /\/not-me#([\w-]+)$/m.exec(text)?.[1]
      if (subject.includes('new PIN') && token !== undefined) return { text, token }
    }
    await sleep(200)
  }
  throw new Error('no notice arrived')
}

/** Somebody calls about the same card again; it is the server that refuses. */
async function tryAgain(stage: Stage, operator: OperatorClient, card: VirtualCard, cardId: string): Promise<Problem> {
  const { agent, reader } = stage
  reader.insert(card)
  try {
    const { readers, journal } = agent
    const tools = { readers, journal, configuration: agent.configuration(), now: () => new Date() }
    const { way } = await OfflineUnblock.begin(tools, reader.name)
    const { id } = await operator.openUnblock(cardId)
    await operator.releaseCryptogram(id, { challenge: way.challenge, idempotencyKey: randomUUID() })
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  } finally {
    reader.remove()
  }
  throw new Error('a suspended card was served')
}

async function ask(url: string, path: string, body: { token: string; answer?: NoticeAnswer }): Promise<NoticeTold> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return NoticeTold.parse(await response.json())
}
