/**
 * Claim: whoever puts a blocked card in can act at once; what he waits for is his reader, not our page.
 *
 * `node bench/page-after-insertion.ts`: a real agent with its page in headless Chromium, a card that self-service is allowed for.
 * Measured is until the page offers *Unblock PIN (Crypto)* with a button that can be pressed: the page open before, and opened by
 * the agent when the card comes. With a reader in memory, and through pcscd and vpcd, which looks for a card every 0.4 s itself.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Loopback, openAgent, openLoopback } from '@unlatch/agent'
import { createVirtualCard, type VirtualCard } from '@unlatch/virtual-cards'
import { chromium, type Page } from 'playwright-core'
import { openPcsc } from '../packages/agent/src/adapters/pcsc/open-pcsc.ts'
import { screenToolsOf } from '../packages/unlatch/src/agent.ts'
import { CAST, OPERATOR } from '../packages/unlatch/src/demo/cast.ts'
import { OperatorClient } from '../packages/unlatch/src/demo/operator-client.ts'
import {
  addDemoOperator,
  addDemoPerson,
  blockPin,
  issue,
  openStage,
  type Stage,
} from '../packages/unlatch/src/demo/stage.ts'
import { aloneBy } from '../packages/unlatch/src/demo/templates.ts'
import { WEB_FOLDER } from '../packages/unlatch/src/web-folder.ts'
import { LAUNCH } from '../test/journeys/pages/browser.ts'
import { startPcscd } from '../test/peers/pcscd.ts'
import { bounded } from './rig/bounded.ts'
import { median, percentile, printTable } from './rig/figures.ts'

const TIMES = 10
const VPCD = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'

/** A reader, of whatever kind. */
interface Slot {
  insert(): Promise<void> | void
  remove(): Promise<void> | void
}

async function blockedCard(stage: Stage): Promise<VirtualCard> {
  await addDemoOperator(stage)
  const operator = new OperatorClient(stage.server.url)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  const [person] = CAST
  if (!person) throw new Error('nobody')
  const { id: personId } = await addDemoPerson(stage, person)
  const { id: templateId } = await operator.addTemplate({ name: 'Alone', document: aloneBy({}) })
  const card = createVirtualCard('yubikey-3des')
  await issue(
    stage,
    card,
    { kind: 'yubikey-3des', label: 'card', printedSerial: 'B', isBlocked: true },
    personId,
    templateId,
  )
  blockPin(card)
  return card
}

async function untilUsable(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Unblock PIN (Crypto)' }).waitFor()
  await page.getByRole('button', { name: 'OK' }).click({ trial: true })
}

async function measureOpen(page: Page, slot: Slot): Promise<number[]> {
  const times: number[] = []
  for (let count = 0; count <= TIMES; count++) {
    await page.getByRole('heading', { name: 'Put your smart card in' }).waitFor()
    const started = performance.now()
    await slot.insert()
    await untilUsable(page)
    times.push(performance.now() - started)
    await slot.remove()
  }
  return times.slice(1)
}

async function measureOpened(page: Page, pages: Loopback, slot: Slot): Promise<number[]> {
  const times: number[] = []
  await slot.insert()
  for (let count = 0; count <= TIMES; count++) {
    await page.goto('about:blank')
    const started = performance.now()
    await page.goto(pages.pageAddress())
    await untilUsable(page)
    times.push(performance.now() - started)
  }
  return times.slice(1)
}

await bounded(6, async (later) => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  const stage = await openStage(folder)
  later(() => stage.close())
  const card = await blockedCard(stage)
  const browser = await chromium.launch(LAUNCH)
  later(() => browser.close())
  const rowOf = (name: string, times: readonly number[]) => [
    name,
    ...[median(times), percentile(times, 0.9)].map((ms) => `${ms.toFixed(0)} ms`),
  ]
  const rows: string[][] = []
  const measure = async (name: string, agent: Stage['agent'], slot: Slot) => {
    const pages = await openLoopback({ ...screenToolsOf(agent), panel: undefined }, { webFolder: WEB_FOLDER })
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    await page.goto(pages.pageAddress())
    rows.push(rowOf(`${name}, page open`, await measureOpen(page, slot)))
    rows.push(rowOf(`${name}, page opened for it`, await measureOpened(page, pages, slot)))
    await slot.remove()
    await page.close()
    await pages.close()
  }
  const { agent, reader } = stage.holder
  await measure('reader in memory', agent, { insert: () => reader.insert(card), remove: () => void reader.remove() })
  if (existsSync(VPCD)) {
    const pcscd = await startPcscd()
    later(() => pcscd.stop())
    process.env.PCSCLITE_CSOCK_NAME = pcscd.env.PCSCLITE_CSOCK_NAME
    const readers = await openPcsc()
    later(() => readers.close())
    const { url: serverUrl, configurationKeyHex: pinnedKeyHex } = stage.server
    const real = openAgent({ folder: agent.folder, serverUrl, pinnedKeyHex, readers })
    await real.contactServer()
    await measure('pcscd and vpcd', real, {
      insert: () => pcscd.insert(0, card.save()),
      remove: () => pcscd.remove(0),
    })
  }
  printTable([`${TIMES} each`, 'median', 'p90'], rows)
})
