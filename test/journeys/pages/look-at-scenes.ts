import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { findBarriers, findOverflow, type Look, openBrowser, openPage, switchLanguage } from './browser.ts'
import type { Scene } from './console-scenes.ts'
import { startPageHost } from './page-host.ts'
import { findUntranslated, listData, offerPseudoLocale } from './pseudo-locale.ts'

const WIDE: Look = { width: 1280, scheme: 'light' }
const NARROW: Look = { width: 320, scheme: 'dark' }

/** Every one of these states, wide and light, narrow and dark, and in a language with longer words: nothing for axe, nothing against the policy, nobody scrolls sideways. */
export function lookAtScenes(name: string, scenes: readonly Scene[]): void {
  needs('chromium')(`every state of ${name}, wide and light, narrow and dark`, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())

    /** A state is reached once, and then turned: what a window that is made smaller shows must hold too. */
    const look = async (scene: Scene) => {
      const { respond, address, act } = scene.start()
      const replies: unknown[] = []
      const host = await startPageHost(scene.page, async (request) => {
        const reply = await respond(request)
        replies.push(reply, request.body)
        return reply
      })
      const { page, complaints, close: closePage } = await openPage(browser, WIDE)
      const expectNothing = async () =>
        expect({ barriers: await findBarriers(page), overflow: await findOverflow(page), complaints }).toEqual({
          barriers: [],
          overflow: 0,
          complaints: [],
        })
      try {
        await offerPseudoLocale(page)
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
        await closePage()
        await host.close()
      }
    }

    for (const scene of scenes) {
      test(scene.name, () => look(scene))
    }
  })
}
