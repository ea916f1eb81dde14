import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import rules from '../.dependency-cruiser.cjs'
import { findForbiddenImports } from './arrows.ts'

/** One forbidden import for each rule, planted in a copy of the tree: a rule that never fired is not known to work. */
const PLANTS: readonly (readonly [rule: string, file: string, line: string])[] = [
  ['no-cycles', 'card/src/octets.ts', "import './crypto.ts'"],
  ['resolvable', 'server/src/planted-nowhere.ts', "import '@unlatch/contract/inside'"],
  ['declared', 'contract/src/planted-undeclared.ts', "import 'fast-check'"],
  ['card-stands-alone', 'card/src/planted-contract.ts', "import '../../contract/src/index.ts'"],
  ['contract-stands-alone', 'contract/src/planted-card.ts', "import '../../card/src/index.ts'"],
  ['server-imports', 'server/src/planted-agent.ts', "import '../../agent/src/index.ts'"],
  ['agent-imports', 'agent/src/planted-server.ts', "import '../../server/src/index.ts'"],
  ['web-imports', 'web/src/planted-card.ts', "import '../../card/src/index.ts'"],
  ['virtual-cards-imports', 'virtual-cards/src/planted-agent.ts', "import '../../agent/src/index.ts'"],
  ['unlatch-imports', 'unlatch/src/planted-web.ts', "import '../../web/src/shared/theme.ts'"],
  ['front-doors', 'server/src/planted-path.ts', "import '../../contract/src/problems.ts'"],
  ['pure', 'card/src/planted-fs.ts', "import 'node:fs'"],
  ['card-needs-nobody', 'card/src/planted-npm.ts', "import 'zod'"],
  ['records', 'server/src/records/cards/planted-verb.ts', "import '../../operations/unblock/limits.ts'"],
  ['operations-apart', 'server/src/operations/register/planted-verb.ts', "import '../unblock/limits.ts'"],
  ['operations-inward', 'server/src/operations/unblock/planted-door.ts', "import '../../http/problem.ts'"],
  ['adapters-at-the-edge', 'server/src/adapters/argon2/planted-record.ts', "import '../../records/actors.ts'"],
  ['only-main-wires', 'server/src/http/planted-adapter.ts', "import '../adapters/argon2/argon2.ts'"],
  ['doors', 'server/src/http/planted-record.ts', "import '../records/cards/cards.ts'"],
  ['doors-no-sql', 'server/src/http/planted-sql.ts', "import '../db/sqlite.ts'"],
  ['one-pen', 'server/src/operations/unblock/planted-pen.ts', "import '../../records/audit/append.ts'"],
  ['only-virtual-reader', 'agent/src/tasks/planted-card.ts', "import '@unlatch/virtual-cards'"],
  ['agent-tasks-inward', 'agent/src/tasks/planted-door.ts', "import '../loopback/sealed.ts'"],
  ['two-apps', 'web/src/console/planted-app.ts', "import '../unblock-screen/seal.ts'"],
  ['web-shared-below', 'web/src/shared/planted-app.ts', "import '../unblock-screen/seal.ts'"],
]

/** A copy of the tree's packages whose workspace links lead into the copy. */
function copyTree(): string {
  const root = resolve(import.meta.dirname, '..')
  const copy = mkdtempSync(join(tmpdir(), 'unlatch-arrows-'))
  for (const file of globSync('packages/*/{package.json,*.ts,src/**/*}', { cwd: root, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name).slice(root.length + 1)
    cpSync(join(root, path), join(copy, path), { recursive: true })
  }
  cpSync(join(root, 'package.json'), join(copy, 'package.json'))
  mkdirSync(join(copy, 'node_modules', '@unlatch'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === '@unlatch' || name === 'unlatch') continue
    symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name))
  }
  for (const name of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', name), join(copy, 'node_modules', '@unlatch', name))
  }
  return copy
}

describe('import rules', () => {
  const copy = copyTree()
  afterAll(() => rmSync(copy, { recursive: true, force: true }))

  it('every rule has a planted import', () => {
    expect(PLANTS.map(([rule]) => rule).sort()).toEqual(rules.forbidden.map(({ name }) => name).sort())
  })

  it('every rule fires', async () => {
    for (const [, file, line] of PLANTS) {
      const path = join(copy, 'packages', file)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${line}\n`, { flag: 'a' })
    }
    const { violations } = await findForbiddenImports(copy)
    const silent = PLANTS.filter(([rule, file]) => {
      return !violations.some(
        (violation) => violation.startsWith(`${rule}: `) && violation.includes(`packages/${file}`),
      )
    })
    expect(silent).toEqual([])
  })
})
