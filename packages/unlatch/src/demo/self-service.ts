import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { contactCard, openHolderSession, SelfServiceUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { Problem, type SelfServiceDemand } from '@unlatch/contract'
import { createVirtualCard, VIRTUAL_CARD_KINDS, type VirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { type HOTP, URI } from 'otpauth'
import { CAST, FACTORY_PIN, OPERATOR } from './cast.ts'
import { type DemoProvider, signInAt, startProvider } from './identity-provider.ts'
import { OperatorClient } from './operator-client.ts'
import { say } from './say.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, openStage, type Stage, verifies } from './stage.ts'
import { aloneBy } from './templates.ts'

/** PIN that the cardholder chooses in the script. */
const NEW_PIN = '490712'

interface Alone {
  readonly folder: string
  readonly stage: Stage
  readonly operator: OperatorClient
  readonly provider: DemoProvider
  readonly providerId: string
}

/**
 * Plays self-service for each kind of card: by an unblock code of the help desk, by a one-time password and by an identity
 * provider, each with what must be refused. Over real HTTP, with a real OpenID provider, on SQLite, in a folder that is removed afterwards.
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
      say(
        '(left out)',
        'the password of an account: npm has no LDAP server; the tests play it with OpenLDAP and Active Directory',
      )
      let failures = 0
      for (const [index, kind] of kinds.entries()) {
        if (!(await playCard({ folder, stage, operator, provider, providerId }, kind, index))) failures++
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
  const demand: Partial<SelfServiceDemand> = {
    ways: ['unblock-code', 'one-time-password', 'identity-provider'],
    identityProviderId: providerId,
  }
  const document = aloneBy(demand, kind === 'gids' ? 'gids' : 'piv')
  const { id: templateId } = await operator.addTemplate({ name: `Alone, ${kind}`, document })
  say('Administrator', 'Templates > Card templates: self-service, by three ways: one is enough')
  const card = createVirtualCard(kind)
  const wish = { kind, label: `${kind} card`, printedSerial: `SELF-${kind}`, isBlocked: true }
  const cardId = await issue(stage, card, wish, personId, templateId)
  const app = await setUpApp(alone, card)
  const byCode = await playCode(alone, card, cardId, person.name)
  const byPassword = await playOneTimePassword(alone, card, app)
  const byProvider = await playProvider(alone, card, person.userName)
  return byCode && byPassword && byProvider
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

/** What the holder's authenticator app knows. */
interface App {
  readonly key: HOTP
  /** The code that it was set up with. */
  readonly first: string
}

/** Set up with the working card. */
async function setUpApp({ stage }: Alone, card: VirtualCard): Promise<App> {
  const { agent, reader } = stage.holder
  const { readers, server, keySha256 } = agent
  reader.insert(card)
  const tools = { readers, server, keySha256, now: () => new Date() }
  const { sessionId } = await openHolderSession(tools, reader.name, async () => true, ascii(FACTORY_PIN), false)
  const { oneTimePasswordId, uri } = await server.addOneTimePassword({ sessionId, label: 'Phone', kind: 'hotp' })
  const key = URI.parse(uri) as HOTP
  const first = key.generate()
  await server.confirmOneTimePassword({ sessionId, oneTimePasswordId }, ascii(first))
  await server.closeHolderSession({ sessionId })
  say('Cardholder', 'My Smartcard > My Sign-in, with the working card: the app has its key, and shows the first code')
  return { key, first }
}

/** A one-time password: refused before its seven days are over, and a second time. */
async function playOneTimePassword({ stage, folder }: Alone, card: VirtualCard, { key, first }: App): Promise<boolean> {
  const refused: string[] = []
  await unblock(stage, card, async (attempt) => {
    refused.push(await codeOf(attempt.answer('one-time-password', ascii(key.generate()))))
    say('Server', `a one-time password that was set up today: ${refused.at(-1)}`)
    await attempt.end()
  }).catch(() => {})
  endWait(folder)
  say('(seven days)', 'go by: the demo sets the date back, in its own database')
  await unblock(stage, card, async (attempt) => {
    refused.push(await codeOf(attempt.answer('one-time-password', ascii(first))))
    say('Server', `the first code once more: ${refused.at(-1)}`)
    const code = key.generate()
    await attempt.answer('one-time-password', ascii(code))
    say('Cardholder', `types what the app shows: ${code}`)
  })
  return isSet(card) && refused.join() === 'way-not-set-up,one-time-password-wrong'
}

/** What a holder set up counts from today. */
function endWait(folder: string): void {
  const database = new DatabaseSync(join(folder, 'server', 'unlatch.db'), { timeout: 5000 })
  database.exec(`UPDATE one_time_passwords SET usable_from = '2020-01-01T00:00:00.000Z'`)
  database.close()
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
