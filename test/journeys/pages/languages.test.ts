import { expect, test } from 'vitest'
import { needs } from '../../peers/needs.ts'
import { openBrowser } from './browser.ts'
import { startScene } from './console-scenes.ts'
import { UNBLOCK_SCREEN_SCENES } from './unblock-screen-scenes.ts'

needs('chromium')('the language of a page', () => {
  test('is the browser’s, then the one that was chosen; its catalogue alone is loaded', async () => {
    const scene = UNBLOCK_SCREEN_SCENES.find(({ name }) => name === 'blocked')
    if (!scene) throw new Error('no such scene')
    const { url, close } = await startScene(scene)
    const browser = await openBrowser()
    try {
      const context = await browser.newContext({ locale: 'de-AT', reducedMotion: 'reduce' })
      const page = await context.newPage()
      const catalogues: string[] = []
      page.on('request', (request) => catalogues.push(...(/\/(en|de)-[^/]+\.js$/.exec(request.url())?.slice(1) ?? [])))
      await page.goto(url)
      await page.getByRole('heading', { name: 'Ihre Smartcard ist gesperrt' }).waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe('de')
      expect(catalogues).toEqual(['de'])
      await page.getByRole('button', { name: 'English' }).click()
      await page.getByRole('heading', { name: 'Your smart card is blocked' }).waitFor()
      expect(await page.locator('html').getAttribute('lang')).toBe('en')
      expect(catalogues).toEqual(['de', 'en'])
      await page.goto('about:blank')
      await page.goto(url)
      await page.getByRole('heading', { name: 'Your smart card is blocked' }).waitFor()
      expect(catalogues.slice(2)).not.toContain('de')
    } finally {
      await browser.close()
      await close()
    }
  })
})
