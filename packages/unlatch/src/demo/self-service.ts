import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { contactCard, SelfServiceUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem, type TemplateDocument } from '@unlatch/contract'
import { createVirtualCard, VIRTUAL_CARD_KINDS, type VirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { CAST, FACTORY_PIN, OPERATOR } from './cast.ts'
import { type DemoProvider, signInAt, startProvider } from './identity-provider.ts'
import { mailedBy } from './mail-server.ts'
import { OperatorClient } from './operator-client.ts'
import { say } from './say.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, openStage, type Stage, verifies } from './stage.ts'

/** PIN that the cardholder chooses in the script. */
const NEW_PIN = '490712'

interface Alone {
  readonly stage: Stage
  readonly operator: OperatorClient
  readonly provider: DemoProvider
  readonly providerId: string
}

/**
 * Plays self-service for each kind of card: by an unblock code of the help desk and by an identity provider, both with what must be
 * refused. Over real HTTP, with a real OpenID provider, on SQLite, in a folder that is removed afterwards.
 *
 * @returns 0 only if each time the new PIN verifies, the old one does not, and everything that must be refused was.
 */
export async function selfService(options: { kind?: string }): Promise<number> {
  const kinds = VIRTUAL_CARD_KINDS.filter((kind) => options.kind === undefined || kind === options.kind)
  if (kinds.length === 0) throw new Problem('wrong-usage', { detail: `kinds are ${VIRTUAL_CARD_KINDS.join(', ')}` })
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-self-service-'))
  const provider = await startProvider()
  try {
    const stage = await openStage(folder)
    try {
      await addDemoOperator(stage)
      const operator = new OperatorClient(stage.server.url)
      await operator.signIn(OPERATOR.userName, OPERATOR.password)
      const { id: providerId } = await operator.addConnection({
        kind: 'identity-provider',
        name: 'Staff sign-in',
        provider: { issuer: provider.issuer, clientId: provider.clientId, authority: '', isOwnRoot: true },
      })
      await operator.testConnection(providerId, '')
      say(
        'Administrator',
        `Options > Connections: an identity provider at ${provider.issuer}; presses Test: it is there`,
      )
      say('(left out)', 'the password of an account: there is no LDAP server in npm; the tests play it with OpenLDAP')
      say('(left out)', 'a one-time password: it counts seven days after it was set up; the tests let them pass')
      let failures = 0
      for (const [index, kind] of kinds.entries()) {
        if (!(await playCard({ stage, operator, provider, providerId }, kind, index))) failures++
      }
      console.log(`\n${kinds.length - failures} passed, ${failures} failed`)
      return failures === 0 ? 0 : 1
    } finally {
      await stage.close()
    }
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function playCard(alone: Alone, kind: VirtualCardKind, index: number): Promise<boolean> {
  console.log(`\n── ${kind} ${'─'.repeat(60 - kind.length)}`)
  const { stage, operator, provider, providerId } = alone
  const cast = CAST[index % CAST.length]
  if (!cast) throw new Error('nobody to play')
  const person = { ...cast, userName: `${cast.userName}-${kind}`, name: `${cast.name} (${kind})` }
  const { id: personId } = await addDemoPerson(stage, person)
  await stage.server.addIdentity({ personId, issuer: provider.issuer, subject: person.userName })
  const document: TemplateDocument = {
    ...mailedBy(''),
    family: kind === 'gids' ? 'gids' : 'piv',
    puc: 'none',
    connectionId: null,
    allows: { operator: true, telephone: true, selfService: true },
    selfService: { count: 1, ways: ['unblock-code', 'identity-provider'], identityProviderId: providerId },
  }
  const { id: templateId } = await operator.addTemplate({ name: `Alone, ${kind}`, document })
  say('Administrator', 'Templates > Card templates: self-service by an unblock code or by the identity provider')
  const card = createVirtualCard(kind)
  const wish = { kind, label: `${kind} card`, printedSerial: `SELF-${kind}`, isBlocked: true }
  const cardId = await issue(stage, card, wish, personId, templateId)
  const byCode = await playCode(alone, card, cardId, person.name)
  const byProvider = await playProvider(alone, card, person.userName)
  return byCode && byProvider
}

/** A code from the help desk: a wrong one first, then the right one, which counts no second time. */
async function playCode({ stage, operator }: Alone, card: VirtualCard, cardId: string, name: string): Promise<boolean> {
  blockPin(card)
  say('Cardholder', `${name} calls: the card is blocked; the help desk verifies the caller`)
  await operator.verifyInPerson(cardId, 'telephone')
  const { codes } = await operator.giveUnblockCodes(cardId, 'spoken')
  const [code = ''] = codes
  say('Operator', `gives an unblock code: ${code}`)
  const refused: string[] = []
  await unblock(stage, card, async (attempt) => {
    say('Cardholder', 'My Smartcard > My PIN > Unblock PIN (Crypto): the card proved itself; a new PIN, Unblock')
    refused.push(await codeOf(attempt.answer('unblock-code', ascii('0000000'))))
    say('Server', `a wrong code: ${refused.at(-1)}`)
    await attempt.answer('unblock-code', ascii(code))
  })
  const isSaved = isSet(card)
  blockPin(card)
  await unblock(stage, card, async (attempt) => {
    refused.push(await codeOf(attempt.answer('unblock-code', ascii(code))))
    say('Server', `the same code once more: ${refused.at(-1)}`)
    await attempt.end()
  }).catch(() => {})
  return isSaved && refused.join() === 'unblock-code-wrong,unblock-code-wrong' && !verifies(card, FACTORY_PIN)
}

/** The identity provider: somebody else signs in first. */
async function playProvider({ stage }: Alone, card: VirtualCard, account: string): Promise<boolean> {
  blockPin(card)
  const refused: string[] = []
  await unblock(stage, card, async (attempt) => {
    const redirectUri = 'http://127.0.0.1:9/self-service/signed-in'
    const signIn = async (as: string) => {
      const { url } = await attempt.beginWay({ way: 'identity-provider', redirectUri })
      return attempt.finishIdentityProvider(await signInAt(url, as))
    }
    refused.push(await codeOf(signIn('somebody-else')))
    say('Server', `somebody else signed in at the identity provider: ${refused.at(-1)}`)
    await signIn(account)
    say('Cardholder', `signs in at the identity provider as ${account}: that is the holder of this card`)
  })
  const { agent, reader } = stage.holder
  const tools = { readers: agent.readers, server: agent.server, configuration: agent.configuration() }
  const exchange = await contactCard(tools, reader.name).catch((error: Problem) => error.code)
  say('Agent', `contacts the card in the same visit: ${exchange}`)
  return isSet(card) && refused.join() === 'identity-refused'
}

/** The card in the holder's own reader, from the new PIN to its end. */
async function unblock(
  { holder: { agent, reader } }: Stage,
  card: VirtualCard,
  show: (attempt: SelfServiceUnblock) => Promise<void>,
): Promise<void> {
  reader.insert(card)
  const { readers, journal, server, keySha256 } = agent
  const tools = { readers, journal, server, keySha256, configuration: agent.configuration(), now: () => new Date() }
  const attempt = await SelfServiceUnblock.begin(tools, reader.name)
  let isAsked = false
  const shown = new Promise<void>((resolve, reject) => {
    attempt.onStep = (step) => {
      if (step !== 'authenticate' || isAsked) return
      isAsked = true
      show(attempt).then(resolve, reject)
    }
  })
  try {
    await Promise.all([attempt.setNewPin(ascii(NEW_PIN), false), shown])
  } finally {
    await attempt.end()
    await agent.contactServer()
  }
}

function isSet(card: VirtualCard): boolean {
  const isNew = verifies(card, NEW_PIN) && !verifies(card, FACTORY_PIN)
  say('Card', isNew ? 'new PIN verifies, old PIN does not' : 'has another PIN than it should')
  return isNew
}

const codeOf = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'a bug',
  )
