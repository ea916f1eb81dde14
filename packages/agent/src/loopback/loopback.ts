import type { SignJob, UnblockJob } from '@unlatch/contract'
import type { CardSignature } from '../tasks/sign-statement.ts'
import type { JobNews } from '../tasks/unblock-connected.ts'
import { openScreenDoor } from './screen-door.ts'
import type { ScreenTools } from './screen-tools.ts'
import { type Pages, servePages } from './serve-pages.ts'
import { UnblockScreen } from './unblock-screen.ts'

/** The screen and its pages, in one process. */
export interface Loopback extends Pages {
  /** Shows what an operator asks for, and sees it through. Errors as `UnblockScreen.unblock`. */
  unblock(job: UnblockJob, news: JobNews): Promise<void>
  /** The same for what an operator is to sign with a card. Errors as `UnblockScreen.sign`. */
  sign(job: SignJob, news: JobNews): Promise<CardSignature>
}

export async function openLoopback(
  tools: ScreenTools,
  options: { webFolder: string; port?: number },
): Promise<Loopback> {
  const screen = new UnblockScreen(tools)
  const pages = await servePages(openScreenDoor(screen, tools.panel), { ...options, now: tools.now })
  return {
    ...pages,
    unblock: (job, news) => screen.unblock(job, news),
    sign: (job, news) => screen.sign(job, news),
    async close() {
      await Promise.all([pages.close(), screen.close()])
    },
  }
}
