import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { findBarriers, findOverflow, type Look, openBrowser, openPage } from './browser.ts'
import { type Scene, startScene } from './console-scenes.ts'

const LOOKS: readonly Look[] = [
  { width: 1280, scheme: 'light' },
  { width: 320, scheme: 'dark' },
]

/** Every one of these states, wide and light, narrow and dark: nothing for axe, nothing against the policy, nobody scrolls sideways. */
export function lookAtScenes(name: string, scenes: readonly Scene[]): void {
  needs('chromium')(`every state of ${name}, wide and light, narrow and dark`, () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await openBrowser()
    })
    afterAll(() => browser?.close())

    const look = async (scene: Scene, how: Look) => {
      const { url, act, close } = await startScene(scene)
      const { page, complaints, close: closePage } = await openPage(browser, how)
      try {
        await page.goto(url)
        await act(page)
        expect({ barriers: await findBarriers(page), overflow: await findOverflow(page), complaints }).toEqual({
          barriers: [],
          overflow: 0,
          complaints: [],
        })
      } finally {
        await closePage()
        await close()
      }
    }

    for (const scene of scenes) {
      test(scene.name, async () => {
        for (const how of LOOKS) await look(scene, how)
      })
    }
  })
}
