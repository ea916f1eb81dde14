import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { findBarriers, findOverflow, type Look, openBrowser, openPage } from './browser.ts'
import { type Scene, startScene } from './console-scenes.ts'

const WIDE: Look = { width: 1280, scheme: 'light' }
const NARROW: Look = { width: 320, scheme: 'dark' }

/** Every one of these states, wide and light, narrow and dark: nothing for axe, nothing against the policy, nobody scrolls sideways. */
export function lookAtScenes(name: string, scenes: readonly Scene[]): void {
  needs('chromium')(`every state of ${name}, wide and light, narrow and dark`, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())

    /** A state is reached once, and then turned: what a window that is made smaller shows must hold too. */
    const look = async (scene: Scene) => {
      const { url, act, close } = await startScene(scene)
      const { page, complaints, close: closePage } = await openPage(browser, WIDE)
      const expectNothing = async () =>
        expect({ barriers: await findBarriers(page), overflow: await findOverflow(page), complaints }).toEqual({
          barriers: [],
          overflow: 0,
          complaints: [],
        })
      try {
        await page.goto(url)
        await act(page)
        await expectNothing()
        await page.setViewportSize({ width: NARROW.width, height: 900 })
        await page.emulateMedia({ colorScheme: NARROW.scheme })
        await expectNothing()
      } finally {
        await closePage()
        await close()
      }
    }

    for (const scene of scenes) {
      test(scene.name, () => look(scene))
    }
  })
}
