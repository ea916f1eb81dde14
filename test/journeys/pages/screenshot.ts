import { join } from 'node:path'
import { openBrowser, openPage } from './browser.ts'
import { confirmByPassword, openBoth, readCode, startDemo } from './running-demo.ts'
import { verifyInPerson } from './verify-caller.ts'

/** The picture in the README: a call on the real pages, both windows side by side. `npm run screenshot` */

const FILE = join(import.meta.dirname, '..', '..', '..', 'docs', 'screenshot.png')

const browser = await openBrowser()
const demo = await startDemo()
const { operator, holder, close } = await openBoth(browser, demo)
await operator.setViewportSize({ width: 1180, height: 1340 })
await holder.setViewportSize({ width: 560, height: 1340 })
await holder.getByRole('button', { name: 'Insert the card Security key of Anna Lindqvist' }).click()
await holder.getByRole('button', { name: 'OK', exact: true }).click()
const challenge = await readCode(holder, 'Challenge')
await operator.getByRole('combobox').fill('lind')
await operator.getByRole('option').first().click()
await verifyInPerson(operator)
await operator.getByLabel('Challenge', { exact: true }).fill(challenge)
await operator.getByText('The challenge is right').waitFor()
await operator.getByRole('button', { name: 'Cryptogram' }).click()
await confirmByPassword(operator, demo)
const cryptogram = await readCode(operator, 'Cryptogram for the caller')
await holder.getByLabel('Cryptogram').fill(cryptogram)
await holder.getByText('The cryptogram is right').waitFor()
const pictures = [await operator.screenshot(), await holder.screenshot()].map((png) => png.toString('base64'))

const { page, close: closeSheet } = await openPage(browser, { width: 1240, height: 940, scheme: 'light' })
await page.setContent(`<body style="margin:0;padding:20px;background:#8a94a6;display:flex;gap:20px">
  ${pictures.map((png) => `<img height="900" style="border-radius:8px" src="data:image/png;base64,${png}">`).join('')}</body>`)
await page.screenshot({ path: FILE })
await closeSheet()
await close()
await demo.stop()
await browser.close()
