import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'
import type { ServerScene } from './pretend-server.ts'

const OPERATORS = '/options/operators-and-roles'

const outside = (s: ServerScene) => {
  s.isSignedIn = false
  s.status = { ...s.status, isDemo: false }
}
const typeCode = async (page: Page) => {
  await page.getByLabel('Set-up code').fill('7k3m pq0r a4tw 9xvn')
  await page.keyboard.press('Enter')
}

/** States of the pages about operators: set-up, sign-in outside the demo, list and roles, one's own account. */
export const OPERATOR_SCENES: readonly Scene[] = [
  scene('sign in outside the demo', {
    knows: outside,
    act: (page) => page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor(),
  }),
  scene('passkey refused', {
    knows: (s) => {
      outside(s)
      s.at['POST /api/session/passkey-challenge'] = { problem: 'passkey-copied' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText('its counter went backwards').waitFor()
    },
  }),
  scene('set-up code', {
    address: '/set-up',
    knows: outside,
    act: async (page) => {
      await page.getByLabel('Set-up code').fill('7k3m pq')
    },
  }),
  scene('set-up code refused', {
    address: '/set-up',
    knows: (s) => {
      outside(s)
      s.operators.welcome = { problem: 'set-up-code-refused' }
    },
    act: async (page) => {
      await typeCode(page)
      await page.getByText('This set-up code is not valid').waitFor()
    },
  }),
  scene('invited operator sets up', {
    address: '/set-up',
    knows: outside,
    act: async (page) => {
      await typeCode(page)
      await page.getByLabel('Password', { exact: true }).fill('haddad password')
      await page.getByLabel('Password, a second time').fill('hadda-')
    },
  }),
  scene('first administrator sets up', {
    address: '/set-up',
    knows: (s) => {
      outside(s)
      s.operators.welcome = { operator: null, expiresAt: '2026-11-22T09:00:00Z', needsPasskey: true }
    },
    act: async (page) => {
      await typeCode(page)
      await page.getByRole('button', { name: 'Register a passkey and finish' }).click()
      await page.getByText('Say who you are first').waitFor()
    },
  }),
  scene('operators', { address: OPERATORS, act: (page) => page.getByText('Jonas Reich').waitFor() }),
  scene('only one operator', {
    address: OPERATORS,
    knows: (s) => {
      s.operators.operators = s.operators.operators.slice(0, 1)
    },
    act: (page) => page.getByText('You are the only operator').waitFor(),
  }),
  scene('operators seen by somebody who may not change them', {
    address: OPERATORS,
    knows: (s) => {
      s.permissions = ['operator:read']
    },
    act: (page) => page.getByText('Jonas Reich').waitFor(),
  }),
  scene('operators refused', {
    address: OPERATORS,
    knows: (s) => {
      s.permissions = []
      s.at['GET /api/operators'] = { problem: 'not-permitted' }
    },
    act: (page) => page.getByText('Your role does not allow this').waitFor(),
  }),
  scene('add an operator', {
    address: OPERATORS,
    knows: (s) => {
      s.permissions = s.permissions.filter((name) => name !== 'restore:accept')
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Add an operator' }).click()
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Leila Haddad')
      await page.getByRole('dialog').getByLabel('Help desk').check()
    },
  }),
  scene('a code to pass on', {
    address: OPERATORS,
    act: async (page) => {
      await page.getByRole('button', { name: 'Add an operator' }).click()
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Leila Haddad')
      await page.getByRole('dialog').getByLabel('User name').fill('l.haddad')
      await page.keyboard.press('Enter')
      await page.getByText('seven Kilo three Mike').waitFor()
    },
  }),
  scene('user name taken', {
    address: OPERATORS,
    knows: (s) => {
      s.at['POST /api/operators'] = { problem: 'name-taken' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Add an operator' }).click()
      await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Leila Haddad')
      await page.getByRole('dialog').getByLabel('User name').fill('j.reich')
      await page.keyboard.press('Enter')
      await page.getByText('This name is taken').waitFor()
    },
  }),
  scene('one operator', {
    address: `${OPERATORS}/op-2`,
    act: (page) => page.getByText('last seen').first().waitFor(),
  }),
  scene('oneself among the operators', {
    address: `${OPERATORS}/op-1`,
    act: (page) => page.getByText('Nobody changes his own roles').waitFor(),
  }),
  scene('a disabled operator', {
    address: `${OPERATORS}/op-5`,
    act: (page) => page.getByRole('button', { name: 'Enable again' }).waitFor(),
  }),
  scene('no such operator', {
    address: `${OPERATORS}/op-0`,
    act: (page) => page.getByText('There is no such operator').waitFor(),
  }),
  scene('roles', {
    address: `${OPERATORS}?view=roles`,
    act: (page) => page.getByRole('heading', { name: 'Roles of your own' }).waitFor(),
  }),
  scene('no role of our own', {
    address: `${OPERATORS}?view=roles`,
    knows: (s) => {
      s.operators.roles = s.operators.roles.filter(({ isBuiltIn }) => isBuiltIn)
    },
    act: (page) => page.getByText('None yet').waitFor(),
  }),
  scene('change a role', {
    address: `${OPERATORS}?view=roles`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Change the role Night shift' }).click()
      await page.getByRole('dialog').getByLabel('Name of the role').waitFor()
    },
  }),
  scene('delete a role', {
    address: `${OPERATORS}?view=roles`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Delete the role Trainee' }).click()
      await page.getByText('is gone for good').waitFor()
    },
  }),
  scene('my account', { address: '/account', act: (page) => page.getByText('Blue security key').waitFor() }),
  scene('my account, adding an operator card', {
    address: '/account',
    act: async (page) => {
      await page.getByRole('button', { name: 'Add an operator card' }).click()
      await page.getByText('Your present password first').waitFor()
    },
  }),
  scene('my account, new and without a role', {
    address: '/account',
    knows: (s) => {
      s.permissions = []
      s.operators.account = {
        ...s.operators.account,
        operatorCards: [],
        roles: [],
        passkeys: [],
        sessions: s.operators.sessions.slice(0, 1),
      }
    },
    act: (page) => page.getByText('No passkey yet').waitFor(),
  }),
  scene('add a passkey', {
    address: '/account',
    knows: (s) => {
      s.at['POST /api/account/passkey-challenge'] = { problem: 'password-wrong' }
    },
    act: async (page) => {
      await page.getByRole('button', { name: 'Add a passkey' }).click()
      await page.getByRole('dialog').getByLabel('Name of the passkey').fill('Spare')
      await page.getByRole('dialog').getByLabel('Present password').fill('wrong')
      await page.keyboard.press('Enter')
      await page.getByText('Your present password is wrong').waitFor()
    },
  }),
  scene('remove a passkey', {
    address: '/account',
    act: async (page) => {
      await page.getByRole('button', { name: 'Remove the passkey Work laptop' }).click()
      await page.getByText('no longer signs you in').waitFor()
    },
  }),
  scene('password changed', {
    address: '/account',
    act: async (page) => {
      await page.getByLabel('Present password').fill('four quiet lorries')
      await page.getByLabel('New password', { exact: true }).fill('nine tall gardens')
      await page.getByLabel('New password, a second time').fill('nine tall gardens')
      await page.keyboard.press('Enter')
      await page.getByText('Your password is changed').waitFor()
    },
  }),
]
