import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { LANGUAGES } from '@unlatch/contract'
import { expect, test } from 'vitest'
import { WEB_FOLDER } from './page-host.ts'

/** The catalogues: a page asks for one of them before it shows anything. */
const CATALOGUES = readdirSync(join(WEB_FOLDER, 'assets')).filter((name) =>
  LANGUAGES.some((language) => name.startsWith(`${language}-`)),
)

const compress = (file: string) => gzipSync(readFileSync(join(WEB_FOLDER, file))).length

/** Bytes, compressed, that a page needs before it shows anything: itself, its scripts and sheets, the largest catalogue. */
function weigh(page: string): number {
  const html = readFileSync(join(WEB_FOLDER, page), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path as string)
  expect(files.length).toBeGreaterThan(2)
  expect(CATALOGUES).toHaveLength(LANGUAGES.length)
  const catalogue = Math.max(...CATALOGUES.map((name) => compress(join('assets', name))))
  return [page, ...files].reduce((sum, file) => sum + compress(file), catalogue)
}

test('the console comes with less than 400 KB, the unblock screen with less than 250 KB', () => {
  expect(weigh('console.html')).toBeLessThan(400_000)
  expect(weigh('unblock-screen.html')).toBeLessThan(250_000)
  expect(weigh('not-me.html')).toBeLessThan(250_000)
})
