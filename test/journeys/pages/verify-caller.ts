import type { Page } from 'playwright-core'

/** Has the operator see the cardholder in person, with a document, unless that is known already. */
export async function verifyInPerson(page: Page): Promise<void> {
  const radio = page.getByRole('radio', { name: 'In person, with a document' })
  const known = page.getByText('The caller is verified')
  await radio.or(known).first().waitFor()
  if (await known.isVisible()) return
  await radio.click()
  await page.getByLabel('Document', { exact: true }).selectOption('passport')
  await page.getByLabel('The face is the one on the document').check()
  await page.getByRole('button', { name: 'I have seen them' }).click()
  await known.waitFor()
}
