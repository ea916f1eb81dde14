import { existsSync, fsyncSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Journal, JournalIntent, JournalOutcome } from '../../tasks/ports.ts'

/** One line of the file. */
type Line =
  | ({ readonly kind: 'intent' } & JournalIntent)
  | ({ readonly kind: 'outcome' } & JournalOutcome)
  | { readonly kind: 'reported'; readonly attemptId: string }

/**
 * The agent's journal as a file of JSON lines, appended and flushed to the disk each time. A last line that a crash cut short
 * is dropped at the next opening. It holds no PIN, no PUK and no cryptogram.
 */
export function openJournal(path: string): Journal {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lines = existsSync(path) ? readLines(path) : []
  const file = openSync(path, 'a', 0o600)
  const append = (line: Line) => {
    writeSync(file, `${JSON.stringify(line)}\n`)
    fsyncSync(file)
    lines.push(line)
  }
  return {
    intend: async (entry) => append({ kind: 'intent', ...entry }),
    settle: async (entry) => append({ kind: 'outcome', ...entry }),
    markReported: async (attemptId) => append({ kind: 'reported', attemptId }),
    unreported: async () => unreportedOf(lines),
  }
}

function readLines(path: string): Line[] {
  const octets = readFileSync(path)
  const whole = octets.lastIndexOf(0x0a) + 1
  if (whole < octets.length) truncateSync(path, whole)
  const text = octets.subarray(0, whole).toString('utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap(readLine)
}

/** A line that a failing disk spoiled must not keep every other card blocked: it stays in the file and counts for nothing. */
function readLine(text: string): Line[] {
  try {
    const line = JSON.parse(text) as Line
    return typeof line?.attemptId === 'string' ? [line] : []
  } catch {
    return []
  }
}

function unreportedOf(lines: readonly Line[]): JournalOutcome[] {
  const open = new Map<string, JournalOutcome>()
  for (const line of lines) {
    if (line.kind === 'reported') open.delete(line.attemptId)
    else if (line.kind === 'outcome') {
      const { kind: _, ...outcome } = line
      open.set(line.attemptId, outcome)
    } else {
      open.set(line.attemptId, unknownOf(line))
    }
  }
  return [...open.values()]
}

/** What an intent means while nothing follows it. */
function unknownOf(intent: JournalIntent): JournalOutcome {
  const { attemptId, cardUuid, at } = intent
  const line = { attemptId, cardUuid, outcome: 'unknown', at } as const
  if ('unblockId' in intent) return { ...line, unblockId: intent.unblockId, triesLeft: null }
  if (!('challenge' in intent)) return { ...line, triesLeft: null }
  return { ...line, challenge: intent.challenge, receipt: intent.receiptIfUnknown }
}
