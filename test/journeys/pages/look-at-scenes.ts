import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import {
  findBarriers,
  findOverflow,
  type Look,
  openBrowser,
  openPageIn,
  openProfile,
  switchLanguage,
} from './browser.ts'
import type { Scene } from './console-scenes.ts'
import { type Respond, startPageHost } from './page-host.ts'
import { findUntranslated, listData, PSEUDO_LOCALE } from './pseudo-locale.ts'

const WIDE: Look = { width: 1280, scheme: 'light' }
const NARROW: Look = { width: 320, scheme: 'dark' }

/** Every one of these states, wide and light, narrow and dark, and in a language with longer words: nothing for axe, nothing against the policy, nobody scrolls sideways. */
export function lookAtScenes(name: string, scenes: readonly Scene[]): void {
  needs('chromium')(`every state of ${name}, wide and light, narrow and dark`, () => {
    let browser: Browser
    /** One for all of them: what was loaded once is there. */
    let profile: BrowserContext
    const hosts = new Map<Scene['page'], Awaited<ReturnType<typeof startPageHost>>>()
    let respond: Respond
    const replies: unknown[] = []
    beforeAll(async () => {
      browser = await openBrowser()
      profile = await openProfile(browser, WIDE)
    })
    afterAll(async () => {
      await browser?.close()
      for (const host of hosts.values()) await host.close()
    })

    async function hostOf(page: Scene['page']) {
      const host = hosts.get(page) ?? (await startPageHost(page, reply, PSEUDO_LOCALE))
      hosts.set(page, host)
      return host
    }
    const reply: Respond = async (request) => {
      const answer = await respond(request)
      replies.push(answer, request.body)
      return answer
    }

    /** A state is reached once, and then turned: what a window that is made smaller shows must hold too. */
    const look = async (scene: Scene) => {
      const { address, act, ...started } = scene.start()
      respond = started.respond
      replies.length = 0
      const host = await hostOf(scene.page)
      const { page, complaints } = await openPageIn(profile)
      const expectNothing = async () =>
        expect({ barriers: await findBarriers(page), overflow: await findOverflow(page), complaints }).toEqual({
          barriers: [],
          overflow: 0,
          complaints: [],
        })
      try {
        await page.goto(host.url + address)
        await act(page)
        await expectNothing()
        await page.setViewportSize({ width: NARROW.width, height: 900 })
        await page.emulateMedia({ colorScheme: NARROW.scheme })
        await expectNothing()
        // In a language with longer words all must come from the catalogue, and fit.
        await page.setViewportSize({ width: 390, height: 900 })
        await switchLanguage(page, 'de')
        await page.waitForTimeout(50)
        expect({
          untranslated: await findUntranslated(page, listData(replies)),
          overflow: await findOverflow(page),
        }).toEqual({ untranslated: [], overflow: 0 })
      } finally {
        // The next state is met by somebody who chose nothing yet.
        await page.evaluate(() => localStorage.clear())
        await page.close()
      }
    }

    for (const scene of scenes) {
      test(scene.name, () => look(scene))
    }
  })
}
