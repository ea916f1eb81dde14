import { createRequire } from 'node:module'
import type { Language } from '@unlatch/contract'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** How Chromium is started: headless, asking nobody but our own pages. */
export const LAUNCH = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** A headless browser. */
export const openBrowser = (): Promise<Browser> => chromium.launch(LAUNCH)

/** How a page is looked at. */
export interface Look {
  readonly width: number
  readonly height?: number
  readonly scheme: 'light' | 'dark'
}

/** A profile of its own. */
export const openProfile = (browser: Browser, look: Look): Promise<BrowserContext> =>
  browser.newContext({
    viewport: { width: look.width, height: look.height ?? 900 },
    colorScheme: look.scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    permissions: ['clipboard-read', 'clipboard-write'],
  })

/** A page in a profile of its own, and everything that its policy or a script complained about. */
export async function openPage(browser: Browser, look: Look) {
  const profile = await openProfile(browser, look)
  return { ...(await openPageIn(profile)), close: () => profile.close() }
}

/** The same in a profile that is there. */
export async function openPageIn(profile: BrowserContext): Promise<{ page: Page; complaints: string[] }> {
  const page = await profile.newPage()
  // A limit for what hangs, not a measure: the machine may be busy.
  page.setDefaultTimeout(30_000)
  const complaints: string[] = []
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      console.error(`policy: ${violatedDirective} ${blockedURI} ${sample}`)
    })
  })
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('console', (message) => {
    const text = message.text()
    // Refusals that the scenes ask for are logged by the browser; they are no complaint.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text)
  })
  return { page, complaints }
}

/** Axe's findings under WCAG 2.2 AA and its best practices, one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(await readAxe())
  const found = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe has no types in the page
    const { violations } = await (globalThis as any).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations as { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[]
  })
  return found.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  )
}

let axe: Promise<string> | undefined
async function readAxe(): Promise<string> {
  axe ??= import('node:fs/promises').then(({ readFile }) => readFile(axePath, 'utf8'))
  return axe
}

/** Pixels by which the page is wider than the window; 0 when nobody must scroll sideways. */
export const findOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Shows the page in another language, as its switch does; by script, since a dialog may lie over it. */
export async function switchLanguage(page: Page, language: Language): Promise<void> {
  await page.evaluate((tag) => document.querySelector<HTMLElement>(`button[lang=${tag}]`)?.click(), language)
  await page.waitForFunction((tag) => document.documentElement.lang === tag, language)
}
