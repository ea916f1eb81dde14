import { MESSAGES } from '@unlatch/contract/messages'
import { type Finding, worstOf } from '../tasks/examine.ts'
import { LANGUAGE } from './language.ts'

const words = MESSAGES[LANGUAGE].doctor

/** The report as lines for a person, remedies under what they are for. */
export function writeReport(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => words.checks[check].length))
  const lines = findings.flatMap(({ check, level, finding, facts }) => {
    const { says } = words.findings[finding]
    const remedy = remedyOf(finding)
    const line = `${words.levels[level].padEnd(8)}${words.checks[check].padEnd(width + 2)}${fill(says, facts)}`
    return remedy === null ? [line] : [line, ' '.repeat(width + 10) + fill(words.remedy, { remedy })]
  })
  return lines.join('\n')
}

/** The same for a program: the codes stay, the words may change. */
export function writeReportJson(findings: readonly Finding[]): string {
  const report = findings.map(({ check, level, finding, facts }) => {
    const { says } = words.findings[finding]
    return { check, level, finding, facts, says: fill(says, facts), remedy: remedyOf(finding) }
  })
  return JSON.stringify({ worst: worstOf(findings), findings: report }, null, 2)
}

function remedyOf(finding: Finding['finding']): string | null {
  const text = words.findings[finding]
  return 'remedy' in text ? text.remedy : null
}

const fill = (text: string, facts: Finding['facts']) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(facts[name] ?? ''))
