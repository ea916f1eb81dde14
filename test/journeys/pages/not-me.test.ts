import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVirtualCard } from '@unlatch/virtual-cards'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OPERATOR } from '../../../packages/unlatch/src/demo/cast.ts'
import { chooseDeskMail, readMail } from '../../../packages/unlatch/src/demo/desk-mail.ts'
import { type MailServer, startMailServer } from '../../../packages/unlatch/src/demo/mail-server.ts'
import { OperatorClient } from '../../../packages/unlatch/src/demo/operator-client.ts'
import { addDemoOperator, issue, openStage, type Stage } from '../../../packages/unlatch/src/demo/stage.ts'
import { needs } from '../../peers/needs.ts'
import { findBarriers, openBrowser, openPage } from './browser.ts'

/** A holder is told by mail, scanners follow the link first, the holder says that it was not them, and a supervisor lifts it. */

const SUPERVISOR = { name: 'Sven Supervisor', userName: 'sven', password: 'quiet-river-demo' }
const ADDRESSES = ['anna@example.org', 'anna@home.example']

needs('chromium')('this was not me, on the real pages, server and mail server', () => {
  let browser: Browser
  let folder: string
  let stage: Stage
  let mail: MailServer
  let operator: OperatorClient
  let cardId: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'unlatch-not-me-'))
    ;[browser, stage, mail] = await Promise.all([openBrowser(), openStage(folder), startMailServer()])
    await addDemoOperator(stage)
    await stage.server.addOperator({ ...SUPERVISOR, roles: ['supervisor'] })
    operator = new OperatorClient(stage.server.url)
    await operator.signIn(OPERATOR.userName, OPERATOR.password)
    await chooseDeskMail(operator, mail)
    const [email = '', secondEmail = ''] = ADDRESSES
    const rest = { department: 'Accounts', phone: '', manager: '', email, secondEmail }
    const { id: personId } = await stage.server.addPerson({ name: 'Anna Lind', userName: 'anna', ...rest })
    const wish = { kind: 'piv-strict', label: 'PIV card', printedSerial: 'NOT-ME-1', isBlocked: false } as const
    cardId = await issue(stage, createVirtualCard('piv-strict'), wish, personId)
  })
  afterAll(async () => {
    await browser?.close()
    await stage?.close()
    await mail?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const stateOf = async () => (await operator.findPeople('NOT-ME-1')).people[0]?.cards[0]?.state
  const told = async (address: string, words: string) => {
    const arrived = await Promise.all(mail.mails.filter(({ to }) => to.includes(address)).map(readMail))
    return arrived.find(({ subject }) => subject.includes(words))?.text ?? ''
  }
  const signIn = async (page: Page, { userName, password }: { userName: string; password: string }) => {
    await page.getByLabel('User name').fill(userName)
    await page.getByLabel('Password').fill(password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).waitFor()
  }

  test('mail, scanners, answer, incident, and the card that comes back', { timeout: 180_000 }, async () => {
    // An operator moves the card: that is what the holder is told of.
    const desk = await openPage(browser, { width: 1280, scheme: 'light' })
    await desk.page.goto(`${stage.server.url}/lifecycle/cards/${cardId}`)
    await signIn(desk.page, OPERATOR)
    for (const [move, reason] of [
      ['Suspend', 'Lost'],
      ['Resume', 'Found again'],
    ] as const) {
      await desk.page.getByRole('button', { name: move, exact: true }).click()
      const dialog = desk.page.getByRole('dialog')
      await dialog.getByLabel('Reason').selectOption({ label: reason })
      await dialog.getByRole('button', { name: move, exact: true }).click()
      await dialog.waitFor({ state: 'hidden' })
    }
    for (const address of ADDRESSES)
      await expect.poll(() => told(address, 'in use again'), { timeout: 30_000 }).toContain('/not-me#')
    await desk.page.reload()
    await desk.page.getByText('Told', { exact: true }).first().waitFor()
    await desk.page
      .getByText(ADDRESSES[1] ?? '')
      .first()
      .waitFor()
    const links = await Promise.all(
      ADDRESSES.map(async (address) => /^ +(\S+\/not-me#\S+)$/m.exec(await told(address, 'in use again'))?.[1] ?? ''),
    )
    expect(new Set(links).size).toBe(2)
    const [link = ''] = links

    // A scanner opens the link and runs what stands there; another one submits each form as it finds it.
    const answers: string[] = []
    const requested: string[] = []
    for (const submits of [false, true]) {
      const scanner = await openPage(browser, { width: 800, scheme: 'light' })
      scanner.page.on('request', (request) => {
        requested.push(request.url())
        if (request.url().endsWith('/answer')) answers.push(request.url())
      })
      await scanner.page.goto(link)
      await scanner.page.getByRole('button', { name: 'Send my answer' }).waitFor()
      if (submits) {
        await scanner.page.evaluate(() => {
          for (const form of document.forms) form.requestSubmit()
          for (const button of document.querySelectorAll('button[type=submit]')) (button as HTMLElement).click()
          for (const form of document.forms) HTMLFormElement.prototype.submit.call(form)
        })
      }
      await scanner.page.waitForTimeout(1500)
      expect(await scanner.page.getByRole('radio', { checked: true }).count()).toBe(0)
      await scanner.close()
    }
    expect([answers, await stateOf()]).toEqual([[], 'issued'])
    // No address that went over the wire has the token in it.
    const token = link.split('#')[1] ?? ''
    expect(token).toHaveLength(22)
    expect(requested.map((url) => url.split('#')[0]).filter((url) => url?.includes(token))).toEqual([])

    const holder = await openPage(browser, { width: 390, scheme: 'dark' })
    await holder.page.goto(link)
    await holder.page.getByText(OPERATOR.name).waitFor()
    expect(await findBarriers(holder.page)).toEqual([])
    await holder.page.getByLabel('This was not me').check()
    await holder.page.getByRole('button', { name: 'Send my answer' }).click()
    await holder.page.getByText('Here your card is suspended').waitFor()
    await holder.page.getByText('The card itself still works elsewhere').waitFor()
    await holder.page.getByText('+46 8 555 0100').waitFor()
    expect(await stateOf()).toBe('suspended')

    // Who did it cannot lift it; somebody else does, having seen the holder.
    const [incident] = await operator.incidents()
    await desk.page.goto(`${stage.server.url}/evidence/incidents/${incident?.id}`)
    await desk.page.getByText('Another supervisor must look into it').waitFor()
    const second = await openPage(browser, { width: 1280, scheme: 'light' })
    await second.page.goto(`${stage.server.url}/evidence/incidents`)
    await signIn(second.page, SUPERVISOR)
    await second.page
      .getByRole('row', { name: /Anna Lind/ })
      .getByRole('rowheader')
      .getByRole('link')
      .click()
    await second.page.getByText('Moved a card to another state').first().waitFor()
    await second.page.getByLabel('Which document they showed').selectOption('passport')
    await second.page.getByLabel('The face is the one on the document').check()
    await second.page.getByLabel('What was found').fill('It was a training call')
    await second.page.getByRole('button', { name: 'Lift the suspension and close' }).click()
    await second.page.getByText('The suspension was lifted.').waitFor()
    expect(await stateOf()).toBe('issued')
    await holder.page.reload()
    await holder.page.getByText('Here your card is not suspended any more').waitFor()
    expect([...desk.complaints, ...second.complaints, ...holder.complaints]).toEqual([])
    for (const page of [desk, second, holder]) await page.close()
  })
})
