/** The import rules, over the whole tree. Fails too when fewer modules were looked at than there are: a check that sees nothing is green. */
import { globSync } from 'node:fs'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import rules from '../.dependency-cruiser.cjs'

/** Looks at a tree and says what breaks a rule. */
export async function findForbiddenImports(folder: string): Promise<{ modules: number; violations: string[] }> {
  const before = process.cwd()
  process.chdir(folder)
  try {
    const { output } = await cruise(['packages'], {
      ...rules.options,
      validate: true,
      ruleSet: { forbidden: rules.forbidden },
    })
    const { summary } = output as ICruiseResult
    return {
      modules: summary.totalCruised,
      violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
    }
  } finally {
    process.chdir(before)
  }
}

if (import.meta.main) {
  const sources = globSync('packages/*/{src,bin}/**/*.{ts,tsx,mjs}').length
  const { modules, violations } = await findForbiddenImports('.')
  for (const violation of violations) {
    const rule = rules.forbidden.find(({ name }) => violation.startsWith(`${name}:`))
    console.error(`${violation}\n  ${rule?.comment ?? ''}`)
  }
  if (modules < sources) console.error(`only ${modules} of ${sources} source files were looked at`)
  console.log(`imports: ${modules} modules, ${violations.length} forbidden`)
  process.exitCode = violations.length === 0 && modules >= sources ? 0 : 1
}
