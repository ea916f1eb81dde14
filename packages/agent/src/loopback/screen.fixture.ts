import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  NONCE_PLACEHOLDER,
  type ScreenState,
  SEAL_INFO,
  type Sealed,
  type SealedField,
  sealContext,
} from '@unlatch/contract'
import { onTestFinished } from 'vitest'
import { CONFIGURATION, now, type Staged } from '../tasks/blocked-cards.fixture.ts'
import { type Loopback, openLoopback } from './loopback.ts'
import type { ScreenTools } from './screen-tools.ts'
import type { Pages } from './serve-pages.ts'
import type { UnblockScreen } from './unblock-screen.ts'

/** What a page does, without a browser: the tools of a screen over a staged card, sealing, waiting for a phase. */

export function toolsOf({ tools }: Pick<Staged, 'tools'>, more: Partial<ScreenTools> = {}): ScreenTools {
  return {
    readers: tools.readers,
    journal: tools.journal,
    configuration: () => CONFIGURATION,
    isConfigured: () => true,
    contactServer: async () => {},
    now,
    panel: undefined,
    ...more,
  }
}

/** Seals as the page does. */
export function seal(sealKey: string, attemptId: string, field: SealedField, text: string): Sealed {
  const ours = createECDH('prime256v1')
  ours.generateKeys()
  const shared = ours.computeSecret(Buffer.from(sealKey, 'base64'))
  const key = Buffer.from(hkdfSync('sha256', shared, new Uint8Array(0), SEAL_INFO, 32))
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(sealContext(attemptId, field)))
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
  return {
    point: ours.getPublicKey('base64'),
    iv: iv.toString('base64'),
    ciphertext: ciphertext.toString('base64'),
  }
}

/** The screen's state once it is in one of these phases. */
export async function until(screen: UnblockScreen, ...phases: ScreenState['phase'][]): Promise<ScreenState> {
  const { signal } = new AbortController()
  let state = await screen.state(0, signal)
  while (!phases.includes(state.phase)) state = await screen.state(state.version, signal)
  return state
}

/** Pages of a folder of their own: one page and one file beside it. */
export function makeWebFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-pages-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'assets', 'page.js'), '// nothing\n')
  writeFileSync(
    join(folder, 'unblock-screen.html'),
    `<script nonce="${NONCE_PLACEHOLDER}" src="/assets/page.js"></script>`,
  )
  return folder
}

/** The agent's pages on a port of this computer, closed with the test. */
export async function openPages(tools: ScreenTools, port?: number): Promise<Loopback> {
  const loopback = await openLoopback(tools, { webFolder: makeWebFolder(), ...(port !== undefined && { port }) })
  onTestFinished(() => loopback.close())
  return loopback
}

/** A page of these: its token exchanged, its requests as a browser sends them. */
export async function pair(loopback: Pages) {
  const token = loopback.pageAddress().split('#')[1] ?? ''
  const own = { origin: loopback.url, 'sec-fetch-site': 'same-origin' }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${loopback.url}${path}`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const response = await post('/pair', { token })
  const { bearer } = (await response.json()) as { bearer: string }
  const authorization = `Bearer ${bearer}`
  return {
    token,
    authorization,
    exchange: (again: string) => post('/pair', { token: again }),
    post: (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
      post(path, body, { authorization, ...headers }),
    state: (after = 0, headers: Record<string, string> = {}) =>
      fetch(`${loopback.url}/state?after=${after}`, { headers: { ...own, authorization, ...headers } }),
  }
}
