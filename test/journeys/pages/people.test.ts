import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { personLdif, type Slapd, startSlapd } from '../../peers/slapd.ts'
import { openBrowser } from './browser.ts'
import { type Demo, openBoth, startDemo } from './running-demo.ts'

/** People of a file and of a directory, on the real pages, server and OpenLDAP: imported, found, changed, saved, taken over. */

/** As a personnel system on Windows writes it: semicolons, Windows-1252, a wrong row, a formula. */
const FILE = [
  'sAMAccountName;Vorname ignored;displayName;department;mail;telephoneNumber',
  'jmueller;x;Jörg Müller;Pflege;joerg@clinic.example;+49 30 1',
  'aoeberg;x;"Åsa; Öberg";=1+1;asa@clinic.example;+49 30 2',
  'no blank;x;Wrong Row;Pflege;;',
].join('\r\n')

needs('chromium', 'slapd')('people of a file and of a directory', () => {
  let browser: Browser
  let demo: Demo
  let slapd: Slapd
  beforeAll(async () => {
    const ldif = [
      { uid: 'kberg', cn: 'Kim Berg', mail: 'kim@clinic.example', telephoneNumber: '+49 30 7' },
      { uid: 'kboss', cn: 'Kira (Boss) *', mail: 'kira@clinic.example' },
    ].map(personLdif)
    ;[browser, demo, slapd] = await Promise.all([openBrowser(), startDemo(), startSlapd(ldif.join(''))])
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.stop()
    await slapd?.stop()
  })

  async function importFile(page: Page): Promise<void> {
    const path = join(demo.folder, 'personnel.csv')
    writeFileSync(path, Buffer.from(FILE, 'latin1'))
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('link', { name: 'Import a file' }).click()
    await page.locator('input[type=file]').setInputFiles(path)
    await page.getByRole('button', { name: 'Show what it would do' }).click()
    await page.getByText('Jörg Müller').first().waitFor()
    expect(await page.getByLabel('Encoding').inputValue()).toBe('windows-1252')
    expect(await page.getByLabel('Separator').inputValue()).toBe(';')
    await page.getByText('User name: has a space in it').waitFor()
    await page.reload()
    await page.getByRole('link', { name: 'Wrong: 1' }).click()
    await page.getByText('Line 4').waitFor()
    await page.getByText('Line 2').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Import 2 people' }).click()
    await page.getByText('The import is done').waitFor()
  }

  async function findAndEdit(page: Page): Promise<void> {
    await page.getByRole('link', { name: 'Show the people' }).click()
    await page.getByLabel('Search').fill('mull')
    await page.getByRole('link', { name: 'Jörg Müller' }).click()
    await page.getByText('Imported from a file').waitFor()
    await page.getByText('+49 30 1').waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Jörg Maier')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Saved.').waitFor()
    await page.getByRole('heading', { name: 'Jörg Maier', level: 1 }).waitFor()
    await page.getByRole('link', { name: 'All people' }).click()
  }

  async function save(page: Page): Promise<string> {
    await page.getByLabel('Search').fill('oberg')
    await page.getByRole('link', { name: 'Åsa; Öberg' }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Save what is filtered as CSV' }).click(),
    ])
    return readFileSync(await download.path(), 'utf8')
  }

  async function connect(page: Page): Promise<void> {
    const { bindDn, baseDn } = slapd.settings()
    await page.getByRole('link', { name: 'Connections' }).click()
    await page.getByRole('link', { name: 'Add a connection' }).first().click()
    await page.getByRole('radio', { name: /Directory of people/ }).check()
    await page.getByLabel('Name of the connection').fill('Directory')
    await page.getByLabel('Addresses').fill(`ldaps://localhost:1\n${slapd.ldap}`)
    await page.getByLabel('Certificate of the authority').fill(slapd.authority)
    await page.getByLabel('Signs in as').fill(bindDn)
    await page.getByLabel('Base of the search').fill(baseDn)
    await page.getByRole('button', { name: 'Enter one' }).click()
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.getByRole('button', { name: 'Add the connection' }).click()
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByText('The directory did not accept name and password').waitFor()
    await page.getByRole('button', { name: 'Replace' }).click()
    await page.getByLabel('Password', { exact: true }).fill(slapd.password)
    await page.getByRole('button', { name: 'Save the connection' }).click()
    await page.getByText('Now press Test').waitFor()
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByText('Signed in, and found 2 people').waitFor()
  }

  async function takeOver(page: Page): Promise<void> {
    const search = async (words: string) => {
      await page.getByRole('searchbox').fill(words)
      await page.getByRole('button', { name: 'Search' }).click()
    }
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('link', { name: 'Search the directory' }).click()
    await page.getByRole('heading', { name: 'Search the directory', level: 1 }).waitFor()
    await search('kira (')
    await page.getByLabel('Choose Kira (Boss) *').waitFor()
    await search('berg')
    await page.getByLabel('Choose Kim Berg').check()
    await page.getByRole('button', { name: 'Add or take over 1 entry' }).click()
    await page.getByText('Added: 1.').waitFor()
    await page.getByText('Here, and the same').waitFor()
    slapd.change('uid=kberg,ou=people,dc=clinic,dc=example', 'mail', 'kim.new@clinic.example')
    await search('berg')
    await page.getByText('E-mail: kim@clinic.example → kim.new@clinic.example').waitFor()
    await page.getByLabel('Choose Kim Berg').check()
    await page.getByRole('button', { name: 'Add or take over 1 entry' }).click()
    await page.getByText('Taken over: 1.').waitFor()
    await page.getByRole('link', { name: 'Kim Berg' }).click()
    await page.getByText('kim.new@clinic.example').waitFor()
    await page.getByText('uid=kberg').waitFor()
  }

  test('imported, found, changed, saved, and taken over from the directory', { timeout: 150_000 }, async () => {
    const both = await openBoth(browser, demo)
    const { operator } = both
    await importFile(operator)
    await findAndEdit(operator)
    const saved = await save(operator)
    expect(saved).toContain(`"Åsa; Öberg",aoeberg,'=1+1,asa@clinic.example,'+49 30 2,`.replaceAll('"', ''))
    await connect(operator)
    await takeOver(operator)
    expect(both.complaints()).toEqual([])
    await both.close()
  })
})
