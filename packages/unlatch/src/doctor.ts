import { examineComputer, ReaderError, worstOf, writeReport, writeReportJson } from '@unlatch/agent'
import { type AgentOptions, folderOf, openReaders, readKept, trustAuthority } from './terminal-agent.ts'

/** By the worst that was found. */
const EXIT = { ok: 0, warning: 4, failed: 5 } as const

/** `agent doctor`: whether this computer can do its work, and what to do where it cannot. */
export async function examineHere(options: AgentOptions & { json?: boolean }): Promise<void> {
  const folder = folderOf(options)
  trustAuthority(folder, options.ca)
  const serverUrl = options.server ?? readKept(folder).serverUrl
  const readers = await openReaders(options.virtualCard).catch((error: unknown) => {
    if (error instanceof ReaderError) return undefined
    throw error
  })
  try {
    const findings = await examineComputer({ folder, serverUrl, readers })
    console.log(options.json ? writeReportJson(findings) : writeReport(findings))
    process.exitCode = EXIT[worstOf(findings)]
  } finally {
    await readers?.close()
  }
}
