import type { Page } from 'playwright-core'

/** Has the operator see the cardholder in person, with a document. */
export async function verifyInPerson(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'In person, with a document' }).click()
  await page.getByLabel('Document', { exact: true }).selectOption('passport')
  await page.getByLabel('The face is the one on the document').check()
  await page.getByRole('button', { name: 'I have seen them' }).click()
  await page.getByText('The caller is verified').waitFor()
}
