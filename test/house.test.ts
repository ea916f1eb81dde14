import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PERMISSIONS, PROBLEMS } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import { describe, expect, it } from 'vitest'

/** The house looks at itself: what must hold over the whole tree, whoever adds what. */

const root = resolve(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const files = (pattern: string) =>
  globSync(pattern, { cwd: root, exclude: (path) => path.includes('node_modules') || path.includes('dist') })
const sources = files('packages/*/src/**/*.{ts,tsx}').filter((path) => !/\.(test|fixture|contract)\.tsx?$/.test(path))
const code = sources.map((path) => ({ path, text: read(path) }))

describe('problems', () => {
  const codes = Object.keys(PROBLEMS)

  it('each has its three parts of text, ended by a full stop', () => {
    for (const code of codes) {
      const text = MESSAGES.en.problems[code as keyof typeof PROBLEMS]
      for (const part of [text.happened, text.card, text.now])
        expect([code, part]).toEqual([code, expect.stringMatching(/\S.*[.?]$/)])
    }
  })

  it('each can be reached: some code of ours names it', () => {
    const elsewhere = code.filter(({ path }) => !/contract\/src\/(problems\.ts|messages\/)/.test(path))
    const unreachable = codes.filter((name) => !elsewhere.some(({ text }) => text.includes(`'${name}'`)))
    expect(unreachable).toEqual([])
  })
})

describe('operations', () => {
  const operations = code.flatMap(({ path, text }) => {
    const [, name] = /export const \w+ = operation\(\{\s*name: '([^']+)'/.exec(text) ?? []
    const [, variable] = /export const (\w+) = operation\(/.exec(text) ?? []
    const [, permission] = /permission: '([^']+)'/.exec(text) ?? []
    return name && variable ? [{ path, name, variable, permission: permission ?? '' }] : []
  })

  it('are found', () => expect(operations.length).toBeGreaterThanOrEqual(9))

  it('have names of their own and a permission of the table', () => {
    expect(new Set(operations.map(({ name }) => name)).size).toBe(operations.length)
    for (const { permission } of operations)
      expect(['anybody', 'signed-in', ...Object.keys(PERMISSIONS)]).toContain(permission)
  })

  it('have a door', () => {
    const doors = [
      ...files('packages/server/src/jobs/*.ts'),
      ...['http/routes.ts', 'http/self-service-routes.ts', 'http/holder-routes.ts', 'main.ts'].map(
        (name) => `packages/server/src/${name}`,
      ),
    ]
      .map(read)
      .join('\n')
    expect(operations.filter(({ variable }) => !doors.includes(variable))).toEqual([])
  })

  it('have a test', () => {
    const tests =
      files('{packages/*/src,test}/**/*.test.ts').map(read).join('\n') +
      read('packages/server/src/operations/world.fixture.ts')
    const untested = operations.filter(
      ({ variable, name }) => !new RegExp(`\\b${variable}`).test(tests) && !tests.includes(`'${name}'`),
    )
    expect(untested.map(({ variable }) => variable)).toEqual([])
  })

  it('await nothing of the world inside a transaction but the database and the key service', () => {
    const strangers = code.filter(
      ({ path, text }) =>
        path.includes('server/src/operations/') &&
        /\b(fetch\(|setTimeout\(|node:(fs|net|http|child_process))/.test(text),
    )
    expect(strangers.map(({ path }) => path)).toEqual([])
  })
})

describe('pages', () => {
  it('of the console are served at each of their addresses: a reload finds them', () => {
    const addresses = [...read('packages/web/src/console/router.tsx').matchAll(/ path: '([^']+)'/g)].map(
      ([, path]) => path,
    )
    const [, list = ''] = /PAGE_PATHS = \[([^\]]+)\]/.exec(read('packages/server/src/http/pages.ts')) ?? []
    const served = [...list.matchAll(/'([^']+)'/g)].map(([, path = '']) => path)
    const isServed = (address = '') =>
      served.some((path) => (path.endsWith('*') ? address.startsWith(path.slice(0, -1)) : path === address))
    expect(addresses.length).toBeGreaterThan(10)
    expect(addresses.filter((address) => !isServed(address))).toEqual([])
  })
})

describe('names', () => {
  it('no file of ours is called by a word that says nothing', () => {
    const forbidden = /(^|[-/.])(utils?|helpers?|common|misc|manager|service|handler|base|impl)([-./]|$)/
    const said = sources.filter((path) => forbidden.test(path.split('/src/')[1] ?? ''))
    expect(said.filter((path) => !/(key|self)-service(\W|$)|-self-service/.test(path))).toEqual([])
  })

  it('outside status.ts no code of card, agent or server compares a status word', () => {
    const comparing = code.filter(
      ({ path, text }) =>
        /packages\/(card|agent|server)\//.test(path) &&
        !path.endsWith('iso7816/status.ts') &&
        /\bsw\s*[!=]==?\s*0x/.test(text),
    )
    expect(comparing.map(({ path }) => path)).toEqual([])
  })

  it('no source cites a page instead of a section, and every cited key is in docs/sources.md', () => {
    const known = [...read('docs/sources.md').matchAll(/^\| \[([^\]]+)\]/gm)].map(([, key]) => key ?? '')
    const cited = new Set<string>()
    for (const { text } of code) {
      for (const [, key] of text.matchAll(
        /\[((?:SP|RFC|FIPS|7816|piv-unblock|GIDS|GidsApplet|Yubico|Windows|OWASP|CSP|proc\(5\))[^\],_]*)(?:, [^\]]*)?\]/g,
      )) {
        if (key) cited.add(key)
      }
    }
    expect([...cited].filter((key) => !known.some((name) => key === name || key.startsWith(`${name} pt`)))).toEqual([])
    expect(cited.size).toBeGreaterThan(10)
  })
})

describe('the tree', () => {
  it('holds no suppressed check without its reason, no switched-off test', () => {
    const suppressed = code.filter(({ text }) => /@ts-(ignore|expect-error)(?!.*:)|biome-ignore (?!.*: )/.test(text))
    expect(suppressed.map(({ path }) => path)).toEqual([])
    const off = files('{packages/*/src,test}/**/*.test.ts').filter(
      (path) => /\b(it|test|describe)\.(only|todo)\b/.test(read(path)) && !path.endsWith('house.test.ts'),
    )
    expect(off).toEqual([])
  })
})
