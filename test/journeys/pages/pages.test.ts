import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { AGENT_SCENES } from './agent-scenes.ts'
import { findBarriers, findOverflow, type Look, openBrowser, openPage } from './browser.ts'
import { CARD_SCENES } from './card-scenes.ts'
import { CONNECTED_SCENES } from './connected-scenes.ts'
import { CONSOLE_SCENES, type Scene, startScene } from './console-scenes.ts'
import { LIFECYCLE_SCENES } from './lifecycle-scenes.ts'
import { OPERATOR_SCENES } from './operator-scenes.ts'
import { PEOPLE_SCENES } from './people-scenes.ts'
import { TEMPLATE_SCENES } from './template-scenes.ts'
import { UNBLOCK_SCREEN_SCENES } from './unblock-screen-scenes.ts'

const LOOKS: readonly Look[] = [
  { width: 1280, scheme: 'light' },
  { width: 320, scheme: 'dark' },
]

needs('chromium')('every state of the pages, wide and light, narrow and dark', () => {
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

  for (const [name, scenes] of [
    ['Operator Console', CONSOLE_SCENES],
    ['a card in a reader', CONNECTED_SCENES],
    ['Lifecycle', LIFECYCLE_SCENES],
    ['cards and health', CARD_SCENES],
    ['operators', OPERATOR_SCENES],
    ['people', PEOPLE_SCENES],
    ['agents', AGENT_SCENES],
    ['templates and connections', TEMPLATE_SCENES],
    ['unblock screen', UNBLOCK_SCREEN_SCENES],
  ] as const) {
    describe(`${name}: nothing for axe, nothing against the policy, nobody scrolls sideways`, () => {
      for (const scene of scenes) {
        test(scene.name, async () => {
          for (const how of LOOKS) await look(scene, how)
        })
      }
    })
  }
})
