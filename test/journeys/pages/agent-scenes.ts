import type { Page } from 'playwright-core'
import { type Scene, scene } from './console-scenes.ts'

const AGENTS = '/options/agents'
const openDialog = async (page: Page) => {
  await page.getByRole('button', { name: 'Add an agent' }).click()
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Badge office, right desk')
}

/** States of Options > Agents. */
export const AGENT_SCENES: readonly Scene[] = [
  scene('agents', { address: AGENTS, act: (page) => page.getByText('Badge office, left desk').waitFor() }),
  scene('agents seen by somebody who may not change them', {
    address: AGENTS,
    knows: (s) => {
      s.permissions = ['agent:read']
    },
    act: (page) => page.getByText('Badge office, left desk').waitFor(),
  }),
  scene('agents: none yet', {
    address: AGENTS,
    knows: (s) => {
      s.agents = []
    },
    act: (page) => page.getByText('No agent yet').waitFor(),
  }),
  scene('agents: revoked', {
    address: `${AGENTS}?show=revoked`,
    act: (page) => page.getByText('Laptop that was stolen').waitFor(),
  }),
  scene('agents: none of that name', {
    address: `${AGENTS}?search=zz`,
    act: (page) => page.getByText('No agent has a name').waitFor(),
  }),
  scene('agents refused', {
    address: AGENTS,
    knows: (s) => {
      s.at['GET /api/agents'] = { problem: 'not-permitted' }
    },
    act: (page) => page.getByText('Your role does not allow this').waitFor(),
  }),
  scene('agents: add one', { address: AGENTS, act: openDialog }),
  scene('agents: a code to pass on', {
    address: AGENTS,
    act: async (page) => {
      await openDialog(page)
      await page.keyboard.press('Enter')
      await page.getByText('seven Kilo three Mike').waitFor()
    },
  }),
  scene('agents: name taken', {
    address: AGENTS,
    knows: (s) => {
      s.at['POST /api/agents'] = { problem: 'name-taken' }
    },
    act: async (page) => {
      await openDialog(page)
      await page.keyboard.press('Enter')
      await page.getByText('This name is taken').waitFor()
    },
  }),
  scene('one agent', {
    address: `${AGENTS}/agent-1`,
    act: (page) => page.getByText('Alcor Micro').waitFor(),
  }),
  scene('one agent: too old', {
    address: `${AGENTS}/agent-3`,
    act: (page) => page.getByText('too old').waitFor(),
  }),
  scene('one agent: waits to be enrolled', {
    address: `${AGENTS}/agent-4`,
    act: (page) => page.getByText('Not enrolled').waitFor(),
  }),
  scene('one agent: its code expired', {
    address: `${AGENTS}/agent-5`,
    act: (page) => page.getByText('was not used in time').waitFor(),
  }),
  scene('one agent: from the configuration', {
    address: `${AGENTS}/00AA11BB22CC33DD`,
    act: (page) => page.getByText('configuration file').waitFor(),
  }),
  scene('one agent: revoked', {
    address: `${AGENTS}/agent-6`,
    act: (page) => page.getByText('Laptop that was stolen').first().waitFor(),
  }),
  scene('one agent: revoke it', {
    address: `${AGENTS}/agent-1`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Revoke this agent' }).click()
      await page.getByText('is closed at once').waitFor()
    },
  }),
  scene('one agent: seen by somebody who may not change it', {
    address: `${AGENTS}/agent-1`,
    knows: (s) => {
      s.permissions = ['agent:read']
    },
    act: (page) => page.getByText('An administrator changes agents').waitFor(),
  }),
  scene('one agent: there is none', {
    address: `${AGENTS}/agent-0`,
    act: (page) => page.getByText('There is no such person, card or page').waitFor(),
  }),
]
