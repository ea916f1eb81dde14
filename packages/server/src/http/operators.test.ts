import {
  BUILT_IN_ROLES,
  type CeremonyOptions,
  PROBLEMS,
  type ProblemCode,
  problemType,
  type Session,
} from '@unlatch/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { perform } from '../operations/operation.ts'
import { addOperator } from '../operations/set-up/add-operator.ts'
import { issueFirstCode } from '../operations/set-up/issue-first-code.ts'
import { STAGED_PASSWORD } from '../operations/world.fixture.ts'
import { SYSTEM } from '../records/actors.ts'
import { StagedAuthenticator } from '../records/passkeys/authenticator.fixture.ts'
import { type StagedServer, stageServer } from './server.fixture.ts'

/** Operators at the doors, outside the demo: set-up codes, passwords followed by passkeys, sessions that end. */

const ORIGIN = 'http://localhost:8443'
const PASSWORD = 'four quiet lorries'

let server: StagedServer
beforeEach(async () => {
  server = await stageServer({ isDemo: false })
})
afterEach(() => server.close())

interface Answer {
  status: number
  body: Record<string, unknown>
}

/** A browser: keeps its cookies. */
class Browser {
  readonly cookies = new Map<string, string>()

  async ask(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, 'user-agent': 'Firefox/150 of a test' }
    const answer = await server.app.inject({ method, url, headers, ...(payload && { payload }) })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() }
  }

  async expect<T>(method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<T> {
    const { status, body } = await this.ask(method, url, payload)
    expect([`${method} ${url}`, status, body]).toEqual([`${method} ${url}`, expect.toSatisfy((n) => n < 300), body])
    return body as T
  }

  async refused(code: ProblemCode, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object): Promise<void> {
    const { status, body } = await this.ask(method, url, payload)
    expect([url, body.type, status]).toEqual([url, problemType(code), PROBLEMS[code].status])
  }
}

async function firstCode(): Promise<string> {
  const { code } = await perform(issueFirstCode, server.stage.world, {}, SYSTEM)
  return code ?? ''
}

async function setUp(code: string, self?: object, authenticator = new StagedAuthenticator(ORIGIN)) {
  const browser = new Browser()
  const options = await browser.expect<CeremonyOptions>('POST', '/api/set-up/passkey-challenge', { code, self })
  const passkey = { label: 'Key', answer: authenticator.create(options) }
  const session = await browser.expect<Session>('POST', '/api/set-up', { code, self, password: PASSWORD, passkey })
  return { browser, authenticator, session, id: session.operator.id }
}

const ADA = { name: 'Ada Admin', userName: 'ada' }
const setUpAda = async () => setUp(await firstCode(), ADA)

async function invite(administrator: Browser, userName: string, roles: string[]) {
  const wish = { name: `Name of ${userName}`, userName, roles }
  return administrator.expect<{ code: string; operatorId: string }>('POST', '/api/operators', wish)
}

async function signInByPasskey(authenticator: StagedAuthenticator, browser = new Browser()) {
  const options = await browser.expect<CeremonyOptions>('POST', '/api/session/passkey-challenge')
  return { browser, answer: authenticator.get(options) }
}

const later = (minutes: number) => {
  server.stage.clock.at = new Date(server.stage.clock.at.getTime() + minutes * 60_000)
}

describe('set-up', () => {
  it('the first administrator: once, with every permission that a role can give', async () => {
    const code = await firstCode()
    const spoken = code.toLowerCase().replace(/(.{4})/g, '$1 ')
    const welcome = await new Browser().expect('POST', '/api/set-up/code', { code: spoken })
    expect(welcome).toMatchObject({ operator: null, needsPasskey: true })
    const { session } = await setUp(spoken, ADA)
    expect(session.permissions).toContain('operator:write')
    await new Browser().refused('set-up-code-refused', 'POST', '/api/set-up/code', { code })
    expect(await firstCode()).toBe('')
  })

  it('a fresh code voids the one before', async () => {
    const [old, fresh] = [await firstCode(), await firstCode()]
    await new Browser().refused('set-up-code-refused', 'POST', '/api/set-up/code', { code: old })
    await new Browser().expect('POST', '/api/set-up/code', { code: fresh })
  })

  it('there is one first administrator, however many codes servers made that started together', async () => {
    const { world } = server.stage
    const [one, two] = [await firstCode(), '0000000000000001']
    const { issueSetUpCode, hashSetUpCode } = await import('../records/set-up-codes/set-up-codes.ts')
    await world.database.transaction(async (tx) => {
      const issued = await issueSetUpCode(tx, null, world.clock.now())
      const copy = { operator_id: null, expires_at: issued.expiresAt, issued_at: 'x' }
      for (const code of [one, two])
        await tx
          .insertInto('set_up_codes')
          .values({ code_hash: hashSetUpCode(code), ...copy })
          .execute()
    })
    await setUp(one, ADA)
    const browser = new Browser()
    const self = { name: 'Eve', userName: 'eve' }
    const options = await browser.expect<CeremonyOptions>('POST', '/api/set-up/passkey-challenge', { code: two, self })
    const passkey = { label: 'Key', answer: new StagedAuthenticator(ORIGIN).create(options) }
    await browser.refused('set-up-code-refused', 'POST', '/api/set-up', {
      code: two,
      self,
      password: PASSWORD,
      passkey,
    })
  })

  it('an invitation ends after a day', async () => {
    const { browser } = await setUpAda()
    const { code } = await invite(browser, 'ben', ['help-desk'])
    later(24 * 60 + 1)
    await new Browser().refused('set-up-code-refused', 'POST', '/api/set-up/code', { code })
  })

  it('insists on a password that is no obvious one, and on a passkey for this place that asks for the user', async () => {
    const code = await firstCode()
    const browser = new Browser()
    const attempt = async (change: (key: StagedAuthenticator) => void, password = PASSWORD, origin = ORIGIN) => {
      const key = new StagedAuthenticator(ORIGIN)
      change(key)
      const options = await browser.expect<CeremonyOptions>('POST', '/api/set-up/passkey-challenge', {
        code,
        self: ADA,
      })
      return { code, self: ADA, password, passkey: { label: 'Key', answer: key.create(options, origin) } }
    }
    await browser.refused('password-unfit', 'POST', '/api/set-up', await attempt(() => {}, 'password1234'))
    const wrong = await attempt((key) => {
      key.flags = 0x01
    })
    await browser.refused('passkey-refused', 'POST', '/api/set-up', wrong)
    await browser.refused(
      'passkey-refused',
      'POST',
      '/api/set-up',
      await attempt(() => {}, PASSWORD, 'https://evil.example'),
    )
    await browser.refused('passkey-refused', 'POST', '/api/set-up', { code, self: ADA, password: PASSWORD })
    const good = await attempt(() => {})
    later(3)
    await browser.refused('passkey-refused', 'POST', '/api/set-up', good)
  })

  it('guesses are counted by where they come from', async () => {
    const browser = new Browser()
    const code = await firstCode()
    for (let wrong = 0; wrong < 10; wrong++)
      await browser.refused('set-up-code-refused', 'POST', '/api/set-up/code', {
        code: `0000 0000 0000 ${1000 + wrong}`,
      })
    await browser.refused('sign-in-throttled', 'POST', '/api/set-up/code', { code })
    later(16)
    await browser.expect('POST', '/api/set-up/code', { code })
  })

  it('a new code for somebody who lost everything: sessions end now, the old passkey when it is used', async () => {
    const { browser: admin } = await setUpAda()
    const invited = await invite(admin, 'ben', ['help-desk'])
    const ben = await setUp(invited.code)
    const { code } = await admin.expect<{ code: string }>('POST', `/api/operators/${ben.id}/set-up-code`)
    await ben.browser.refused('sign-in-needed', 'GET', '/api/session')
    const before = await signInByPasskey(ben.authenticator)
    await before.browser.expect('POST', '/api/session/passkey', { answer: before.answer })
    const again = await setUp(code)
    expect(again.id).toBe(ben.id)
    await before.browser.refused('sign-in-needed', 'GET', '/api/session')
    const after = await signInByPasskey(ben.authenticator)
    await after.browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: after.answer })
    const right = await signInByPasskey(again.authenticator)
    await right.browser.expect('POST', '/api/session/passkey', { answer: right.answer })
  })
})

describe('signing in', () => {
  it('with a passkey alone, to which nobody types a name', async () => {
    const { authenticator } = await setUpAda()
    const { browser, answer } = await signInByPasskey(authenticator)
    expect(await browser.expect('POST', '/api/session/passkey', { answer })).toMatchObject({
      operator: { userName: 'ada' },
    })
    const record = (await server.stage.audit()).at(-1)
    expect(record).toMatchObject({
      operation: 'operator.sign-in-with-passkey',
      outcome: 'done',
      event: { by: 'passkey' },
    })
  })

  it('with a password, and then with a passkey of the same operator', async () => {
    const { browser: admin, authenticator } = await setUpAda()
    const ben = await setUp((await invite(admin, 'ben', ['help-desk'])).code)
    const browser = new Browser()
    const wish = { userName: 'Ben ', password: PASSWORD }
    const foreign = authenticator.get(await browser.expect<CeremonyOptions>('POST', '/api/session/password', wish))
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: foreign })
    const answer = ben.authenticator.get(await browser.expect<CeremonyOptions>('POST', '/api/session/password', wish))
    await browser.expect('POST', '/api/session/passkey', { answer })
    expect((await server.stage.audit()).at(-1)).toMatchObject({ event: { by: 'password and passkey' } })
  })

  it('a password alone is not enough; wrong and unknown are answered alike, and counted', async () => {
    await setUpAda()
    const browser = new Browser()
    await browser.refused('not-permitted', 'POST', '/api/session', { userName: 'ada', password: PASSWORD })
    await browser.refused('sign-in-refused', 'POST', '/api/session/password', { userName: 'ada', password: 'wrong' })
    await browser.refused('sign-in-refused', 'POST', '/api/session/password', { userName: 'nobody', password: 'wrong' })
    for (let wrong = 0; wrong < 4; wrong++)
      await browser.ask('POST', '/api/session/password', { userName: 'ADA', password: 'wrong' })
    await browser.refused('sign-in-throttled', 'POST', '/api/session/password', { userName: 'ada', password: PASSWORD })
  })

  it('an operator without a password of his own has none that could be guessed', async () => {
    const { browser } = await setUpAda()
    await invite(browser, 'ben', [])
    await new Browser().refused('sign-in-refused', 'POST', '/api/session/password', { userName: 'ben', password: '' })
  })

  it('a challenge is good once, for two minutes, in the browser that asked', async () => {
    const { authenticator } = await setUpAda()
    const once = await signInByPasskey(authenticator)
    await once.browser.expect('POST', '/api/session/passkey', { answer: once.answer })
    await new Browser().refused('passkey-refused', 'POST', '/api/session/passkey', { answer: once.answer })
    const elsewhere = await signInByPasskey(authenticator)
    await new Browser().refused('passkey-refused', 'POST', '/api/session/passkey', { answer: elsewhere.answer })
    const late = await signInByPasskey(authenticator)
    later(2.1)
    await late.browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: late.answer })
  })

  it('an answer for another place, without the user, or with a wrong signature is refused and spends the challenge', async () => {
    const { authenticator } = await setUpAda()
    const browser = new Browser()
    const challenge = () => browser.expect<CeremonyOptions>('POST', '/api/session/passkey-challenge')
    const elsewhere = authenticator.get(await challenge(), 'https://evil.example')
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: elsewhere })
    authenticator.flags = 0x01
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', {
      answer: authenticator.get(await challenge()),
    })
    authenticator.flags = 0x05
    const options = await challenge()
    const good = authenticator.get(options)
    const bad = structuredClone(good)
    bad.response.signature = Buffer.from('30060201010201ff', 'hex').toString('base64url')
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: bad })
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: good })
    const strange = { ...good, response: { clientDataJSON: '!' } }
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer: strange })
  })

  it('a counter that goes backwards is refused by its name, and recorded', async () => {
    const { authenticator } = await setUpAda()
    authenticator.counter = 10
    const good = await signInByPasskey(authenticator)
    await good.browser.expect('POST', '/api/session/passkey', { answer: good.answer })
    authenticator.counter = 5
    const copied = await signInByPasskey(authenticator)
    await copied.browser.refused('passkey-copied', 'POST', '/api/session/passkey', { answer: copied.answer })
    expect((await server.stage.audit()).at(-1)).toMatchObject({
      outcome: 'refused',
      event: { problem: 'passkey-copied' },
    })
  })

  it('wrong passkeys are counted by where they come from', async () => {
    const { authenticator } = await setUpAda()
    for (let wrong = 0; wrong < 20; wrong++) {
      const { answer } = await signInByPasskey(authenticator)
      await new Browser().refused('passkey-refused', 'POST', '/api/session/passkey', { answer })
    }
    const { browser, answer } = await signInByPasskey(authenticator)
    await browser.refused('sign-in-throttled', 'POST', '/api/session/passkey', { answer })
  })
})

describe('sessions', () => {
  it('end when they are not used, and at the latest after their hours', async () => {
    const { authenticator, browser } = await setUpAda()
    for (let used = 0; used < 3; used++) {
      later(29)
      await browser.expect('GET', '/api/session')
    }
    later(31)
    await browser.refused('sign-in-needed', 'GET', '/api/session')
    const { browser: second, answer } = await signInByPasskey(authenticator)
    await second.expect('POST', '/api/session/passkey', { answer })
    for (let hours = 0; hours < 9.9; hours += 0.45) {
      later(27)
      if (hours < 9.5) await second.expect('GET', '/api/session')
    }
    await second.refused('sign-in-needed', 'GET', '/api/session')
  })

  it('are seen and ended by their operator and by an administrator; a stolen database opens none', async () => {
    const { browser: admin } = await setUpAda()
    const ben = await setUp((await invite(admin, 'ben', ['help-desk'])).code)
    const more = await signInByPasskey(ben.authenticator)
    await more.browser.expect('POST', '/api/session/passkey', { answer: more.answer })
    const { sessions } = await ben.browser.expect<{ sessions: { id: string; isThisOne: boolean }[] }>(
      'GET',
      '/api/account',
    )
    expect(sessions).toHaveLength(2)
    expect(sessions[0]).toMatchObject({ userAgent: 'Firefox/150 of a test', address: '127.0.0.1' })
    const thief = new Browser()
    thief.cookies.set('unlatch-session', sessions[0]?.id ?? '')
    await thief.refused('sign-in-needed', 'GET', '/api/session')

    await ben.browser.expect('POST', '/api/account/session-end', {})
    await more.browser.refused('sign-in-needed', 'GET', '/api/session')
    await ben.browser.expect('GET', '/api/session')
    await ben.browser.refused('not-permitted', 'GET', `/api/operators/${ben.id}/sessions`)
    const seen = await admin.expect<{ sessions: { id: string }[] }>('GET', `/api/operators/${ben.id}/sessions`)
    expect(seen.sessions).toHaveLength(1)
    await admin.expect('POST', `/api/operators/${ben.id}/session-end`, { sessionId: seen.sessions[0]?.id })
    await ben.browser.refused('sign-in-needed', 'GET', '/api/session')
  })

  it('of somebody who is disabled end at once', async () => {
    const { browser: admin } = await setUpAda()
    const ben = await setUp((await invite(admin, 'ben', ['help-desk'])).code)
    await admin.expect('POST', `/api/operators/${ben.id}/state`, { isDisabled: true })
    await ben.browser.refused('sign-in-needed', 'GET', '/api/session')
    const { browser, answer } = await signInByPasskey(ben.authenticator)
    await browser.refused('passkey-refused', 'POST', '/api/session/passkey', { answer })
    await admin.expect('POST', `/api/operators/${ben.id}/state`, { isDisabled: false })
    await ben.browser.refused('sign-in-needed', 'GET', '/api/session')
  })
})

describe("one's own account", () => {
  it('password: with the old one; other sessions end, this one stays', async () => {
    const { browser, authenticator } = await setUpAda()
    const other = await signInByPasskey(authenticator)
    await other.browser.expect('POST', '/api/session/passkey', { answer: other.answer })
    const change = (password: string, newPassword: string) => ({ password, newPassword })
    await browser.refused('password-wrong', 'POST', '/api/account/password', change('wrong', 'nine tall gardens'))
    await browser.refused('password-unfit', 'POST', '/api/account/password', change(PASSWORD, 'short'))
    await browser.expect('POST', '/api/account/password', change(PASSWORD, 'nine tall gardens'))
    await browser.expect('GET', '/api/session')
    await other.browser.refused('sign-in-needed', 'GET', '/api/session')
    await browser.expect('POST', '/api/session/password', { userName: 'ada', password: 'nine tall gardens' })
  })

  it('passkeys: added with the password, each once; removed, but never the last', async () => {
    const { browser, authenticator } = await setUpAda()
    await browser.refused('password-wrong', 'POST', '/api/account/passkey-challenge', { password: 'wrong' })
    const challenge = () =>
      browser.expect<CeremonyOptions>('POST', '/api/account/passkey-challenge', { password: PASSWORD })
    const second = new StagedAuthenticator(ORIGIN)
    const answer = second.create(await challenge())
    await browser.expect('POST', '/api/account/passkeys', { label: 'Spare', answer })
    await browser.refused('passkey-refused', 'POST', '/api/account/passkeys', { label: 'Again', answer })
    await browser.refused('passkey-exists', 'POST', '/api/account/passkeys', {
      label: 'x',
      answer: second.create(await challenge()),
    })
    const account = await browser.expect<{ passkeys: { id: string; label: string }[] }>('GET', '/api/account')
    expect(account.passkeys.map(({ label }) => label).toSorted()).toEqual(['Key', 'Spare'])
    const remove = (key: StagedAuthenticator) => ({ passkeyId: key.id.toString('base64url') })
    await browser.expect('POST', '/api/account/passkey-removal', remove(authenticator))
    await browser.refused('passkey-last', 'POST', '/api/account/passkey-removal', remove(second))
    await browser.refused('not-found', 'POST', '/api/account/passkey-removal', remove(authenticator))
  })
})

describe('operators and roles', () => {
  it('nobody changes himself, grants what he lacks, or takes the last administrator away', async () => {
    const ada = await setUpAda()
    await ada.browser.refused('own-account', 'POST', `/api/operators/${ada.id}/roles`, { roles: [] })
    await ada.browser.refused('own-account', 'POST', `/api/operators/${ada.id}/state`, { isDisabled: true })
    await ada.browser.refused('own-account', 'POST', `/api/operators/${ada.id}/set-up-code`)
    const { id: roleId } = await ada.browser.expect<{ id: string }>('POST', '/api/roles', {
      name: 'Team lead',
      permissions: ['operator:write', 'operator:read', 'role:write'],
    })
    const ben = await setUp((await invite(ada.browser, 'ben', [roleId])).code)
    await ben.browser.refused('permission-lacking', 'POST', '/api/operators', {
      name: 'C',
      userName: 'cy',
      roles: ['help-desk'],
    })
    await ben.browser.refused('permission-lacking', 'POST', `/api/operators/${ada.id}/set-up-code`)
    await ben.browser.refused('permission-lacking', 'POST', '/api/roles', { name: 'X', permissions: ['person:read'] })
    await ben.browser.refused('own-account', 'POST', `/api/roles/${roleId}`, { name: 'X', permissions: [] })
    await ben.browser.expect('POST', `/api/operators/${ada.id}/state`, { isDisabled: true })
    const { operatorId } = await invite(ben.browser, 'dora', [roleId])
    await ben.browser.expect('POST', `/api/operators/${operatorId}/roles`, { roles: [] })
    await ben.browser.expect('POST', `/api/operators/${ada.id}/state`, { isDisabled: false })
  })

  it('whoever is the last that may write operators keeps it, though another changes him', async () => {
    const { world } = server.stage
    await perform(
      addOperator,
      world,
      { name: 'A', userName: 'a', password: STAGED_PASSWORD, roles: ['administrator'] },
      SYSTEM,
    )
    const ada = await setUpAda()
    const lists = await ada.browser.expect<{ operators: { id: string; userName: string }[] }>('GET', '/api/operators')
    const other = lists.operators.find(({ userName }) => userName === 'a')?.id
    await ada.browser.expect('POST', `/api/operators/${other}/state`, { isDisabled: true })
    // Nobody else is left: an actor from outside the list, as the system is, meets the rule itself.
    const { setOperatorState } = await import('../operations/administer/set-operator-state.ts')
    const { changeRoles } = await import('../operations/administer/change-roles.ts')
    const taken = perform(setOperatorState, world, { operatorId: ada.id, isDisabled: true }, SYSTEM)
    await expect(taken).rejects.toMatchObject({ code: 'last-administrator' })
    const stripped = perform(changeRoles, world, { operatorId: ada.id, roles: [] }, SYSTEM)
    await expect(stripped).rejects.toMatchObject({ code: 'last-administrator' })
    await ada.browser.expect('GET', '/api/operators')
  })

  it('what a role permits counts at the next request', async () => {
    const ada = await setUpAda()
    const { id: roleId } = await ada.browser.expect<{ id: string }>('POST', '/api/roles', {
      name: 'Own',
      permissions: [],
    })
    const ben = await setUp((await invite(ada.browser, 'ben', [roleId])).code)
    await ben.browser.refused('not-permitted', 'GET', '/api/people?search=a')
    await ada.browser.expect('POST', `/api/roles/${roleId}`, { name: 'Own', permissions: ['person:read'] })
    await ben.browser.expect('GET', '/api/people?search=a')
    await ada.browser.expect('POST', `/api/operators/${ben.id}/roles`, { roles: ['auditor'] })
    expect(await ben.browser.expect('GET', '/api/session')).toMatchObject({
      permissions: [...BUILT_IN_ROLES.auditor.permissions],
    })
  })

  it('roles: names once, built-in ones as they are, deleted when nobody has them', async () => {
    const ada = await setUpAda()
    const { id } = await ada.browser.expect<{ id: string }>('POST', '/api/roles', {
      name: 'Own',
      permissions: ['person:read'],
    })
    await ada.browser.refused('name-taken', 'POST', '/api/roles', { name: 'own', permissions: [] })
    await ada.browser.refused('name-taken', 'POST', '/api/roles', { name: 'Auditor', permissions: [] })
    await ada.browser.refused('role-built-in', 'POST', '/api/roles/auditor', { name: 'X', permissions: [] })
    await ada.browser.refused('role-built-in', 'POST', '/api/roles/auditor/removal')
    await ada.browser.refused('input-invalid', 'POST', '/api/roles', { name: 'Y', permissions: ['card:rotate'] })
    const { operatorId } = await invite(ada.browser, 'ben', [id])
    await ada.browser.refused('role-in-use', 'POST', `/api/roles/${id}/removal`)
    await ada.browser.expect('POST', `/api/operators/${operatorId}/roles`, { roles: [] })
    await ada.browser.expect('POST', `/api/roles/${id}/removal`)
    await ada.browser.refused('not-found', 'POST', `/api/roles/${id}/removal`)
    await ada.browser.refused('not-found', 'POST', `/api/operators/${operatorId}/roles`, { roles: [id] })
    await ada.browser.refused('name-taken', 'POST', '/api/operators', { name: 'B', userName: 'BEN', roles: [] })
  })

  it('the list says who is active, invited, too late, disabled', async () => {
    const ada = await setUpAda()
    await invite(ada.browser, 'ben', ['help-desk'])
    const off = await invite(ada.browser, 'cy', [])
    await ada.browser.expect('POST', `/api/operators/${off.operatorId}/state`, { isDisabled: true })
    const states = async () => {
      const { operators } = await ada.browser.expect<{ operators: { userName: string; state: string }[] }>(
        'GET',
        '/api/operators',
      )
      return operators.map(({ userName, state }) => `${userName} ${state}`)
    }
    expect(await states()).toEqual(['ada active', 'ben invited', 'cy disabled'])
    server.stage.clock.at = new Date(server.stage.clock.at.getTime() + 25 * 3_600_000)
    const { browser, answer } = await signInByPasskey(ada.authenticator)
    await browser.expect('POST', '/api/session/passkey', { answer })
    ada.browser.cookies.set('unlatch-session', browser.cookies.get('unlatch-session') ?? '')
    expect(await states()).toEqual(['ada active', 'ben expired', 'cy disabled'])
  })

  it('no code, password or key of theirs is in the log or in the audit log', async () => {
    const code = await firstCode()
    const { browser } = await setUp(code, ADA)
    const invited = await invite(browser, 'ben', [])
    const written = JSON.stringify(await server.stage.audit()) + server.logged.join('')
    for (const secret of [code, invited.code, PASSWORD, browser.cookies.get('unlatch-session') ?? 'none'])
      expect(written).not.toContain(secret)
  })
})
