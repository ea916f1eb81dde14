import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { WEB_FOLDER } from './page-host.ts'

/** Bytes, compressed, that a page needs before it shows anything: itself, its scripts and its sheets. */
function weigh(page: string): number {
  const html = readFileSync(join(WEB_FOLDER, page), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path as string)
  expect(files.length).toBeGreaterThan(2)
  return [page, ...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(WEB_FOLDER, file))).length, 0)
}

test('the console comes with less than 400 KB, the unblock screen with less than 250 KB', () => {
  expect(weigh('console.html')).toBeLessThan(400_000)
  expect(weigh('unblock-screen.html')).toBeLessThan(250_000)
  expect(weigh('not-me.html')).toBeLessThan(250_000)
})
