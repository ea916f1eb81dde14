import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSessionDoor, servePages } from '@unlatch/agent'
import { Problem } from '@unlatch/contract'
import { openBrowser, sessionSocketPath } from './agent.ts'
import { WEB_FOLDER } from './web-folder.ts'

/** A service that does not answer, or answers another session, is asked again after so long. */
const AGAIN_MS = 3000

/**
 * `agent session`: the pages of this computer's service, in the session of whoever sits at it, until it is told to stop. It has
 * no key, no reader and no line to the server: what is typed is sealed in the page for the service.
 */
export async function runAgentSession(options: { socket?: string; open?: boolean }): Promise<void> {
  const door = openSessionDoor(options.socket ?? sessionSocketPath())
  const pages = await servePages(door, { webFolder: WEB_FOLDER, now: () => new Date() })
  const folder = mkdtempSync(join(process.env.XDG_RUNTIME_DIR ?? tmpdir(), 'unlatch-session-'))
  const opener = join(folder, 'page.html')
  const closing = new AbortController()
  const { signal } = closing
  pages.writeOpener(opener)
  if (options.open) openBrowser(opener)
  console.error(`unlatch: the page for cardholders: ${opener} (good once, for a minute; SIGUSR2 writes a fresh one)`)
  process.on('SIGUSR2', () => pages.writeOpener(opener))
  for (const word of ['SIGINT', 'SIGTERM'] as const) process.once(word, () => closing.abort())
  let told: string | undefined
  while (!signal.aborted) {
    try {
      if (await door.wanted(signal)) {
        pages.writeOpener(opener)
        openBrowser(opener)
      }
      told = undefined
    } catch (error) {
      if (signal.aborted) break
      if (!(error instanceof Problem)) throw error
      if (error.code !== told) console.error(`unlatch: ${error.message.toLowerCase()}; trying again`)
      told = error.code
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
  await pages.close()
  rmSync(folder, { recursive: true, force: true })
}
