import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseLanguage } from '@unlatch/contract'
import { AGENT_SCENES } from './agent-scenes.ts'
import { openBrowser, openPage, switchLanguage } from './browser.ts'
import { CARD_SCENES } from './card-scenes.ts'
import { CONNECTED_SCENES } from './connected-scenes.ts'
import { CONSOLE_SCENES, type Scene, startScene } from './console-scenes.ts'
import { LIFECYCLE_SCENES } from './lifecycle-scenes.ts'
import { LIVE_DESK_SCENES } from './live-desk-scenes.ts'
import { MY_SMARTCARD_SCENES } from './my-smartcard-scenes.ts'
import { NOTICE_SCENES } from './notice-scenes.ts'
import { OPERATOR_SCENES } from './operator-scenes.ts'
import { PEOPLE_SCENES } from './people-scenes.ts'
import { TEMPLATE_SCENES } from './template-scenes.ts'
import { UNBLOCK_SCREEN_SCENES } from './unblock-screen-scenes.ts'
import { VERIFICATION_SCENES } from './verification-scenes.ts'

/**
 * One picture per page with its main states, at 390 and 1280 px, light and dark, to be looked at as its user would:
 * `node test/journeys/pages/contact-sheet.ts [FOLDER] [WORD OF A SCENE'S NAME] [LANGUAGE]`
 */

const folder = process.argv[2] ?? join('.unlatch', 'contact-sheets')
const word = process.argv[3] ?? ''
const language = chooseLanguage([process.argv[4] ?? '']) ?? 'en'
const LOOKS = [
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
] as const

const browser = await openBrowser()

async function takePictures(scene: Scene): Promise<string[]> {
  const pictures: string[] = []
  for (const look of LOOKS) {
    const { url, act, close } = await startScene(scene)
    const { page, complaints, close: closePage } = await openPage(browser, look)
    await page.goto(url)
    await act(page).catch((error: Error) => complaints.push(error.message))
    if (language !== 'en') await switchLanguage(page, language)
    await page.waitForTimeout(100)
    pictures.push((await page.screenshot({ fullPage: true })).toString('base64'))
    if (complaints.length > 0) console.error(`${scene.name}, ${look.width} ${look.scheme}: ${complaints.join('; ')}`)
    await closePage()
    await close()
  }
  return pictures
}

async function writeSheet(name: string, scenes: readonly Scene[]): Promise<void> {
  const chosen = scenes.filter((scene) => scene.name.includes(word))
  if (chosen.length === 0) return
  const rows: string[] = []
  for (const scene of chosen) {
    const cells = (await takePictures(scene)).map((picture) => `<img src="data:image/png;base64,${picture}">`)
    rows.push(`<h2>${scene.name}</h2><div>${cells.join('')}</div>`)
  }
  const { page, close } = await openPage(browser, { width: 1720, scheme: 'light' })
  await page.setContent(
    `<style>body{font:16px sans-serif;background:#888}div{display:flex;gap:8px;align-items:start}` +
      `img{width:200px}img:nth-child(n+3){width:640px}</style>${rows.join('')}`,
  )
  await page.waitForTimeout(300)
  const file = join(folder, `${name}.png`)
  await page.screenshot({ path: file, fullPage: true })
  console.log(file)
  await close()
}

await mkdir(folder, { recursive: true })
await writeSheet('console', CONSOLE_SCENES)
await writeSheet('connected', CONNECTED_SCENES)
await writeSheet('lifecycle', LIFECYCLE_SCENES)
await writeSheet('cards', CARD_SCENES)
await writeSheet('operators', OPERATOR_SCENES)
await writeSheet('people', PEOPLE_SCENES)
await writeSheet('agents', AGENT_SCENES)
await writeSheet('templates', TEMPLATE_SCENES)
await writeSheet('verification', VERIFICATION_SCENES)
await writeSheet('notices', NOTICE_SCENES)
await writeSheet('live-desk', LIVE_DESK_SCENES)
await writeSheet('my-smartcard', MY_SMARTCARD_SCENES)
await writeSheet('unblock-screen', UNBLOCK_SCREEN_SCENES)
await browser.close()
