import { AGENT_PROTOCOL, type Hello, Problem } from '@unlatch/contract'
import type { ServerFact } from '../../tasks/examine.ts'
import type { AgentIdentity } from '../identity/identity.ts'
import { serverClient } from './server-client.ts'

const TIMEOUT_MS = 5000

/** How a server answers this computer. Without a key of its own yet, this computer is nobody to it. */
export async function lookAtServer(
  url: string,
  identity: AgentIdentity | undefined,
  about: Omit<Hello, 'protocol'>,
): Promise<ServerFact> {
  let date: string | null
  try {
    const answer = await fetch(new URL('/health/live', url), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    if (!answer.ok) return { kind: 'unreachable', url, why: `HTTP ${answer.status}` }
    date = answer.headers.get('date')
  } catch (error) {
    const why = causeOf(error)
    return { kind: /CERT|SELF_SIGNED|VERIFY|TLS|SSL/.test(why) ? 'untrusted' : 'unreachable', url, why }
  }
  const secondsAhead = date === null ? null : Math.round((Date.now() - Date.parse(date)) / 1000)
  return { kind: 'reached', url, secondsAhead, hello: await sayHello() }

  async function sayHello(): Promise<Extract<ServerFact, { kind: 'reached' }>['hello']> {
    if (!identity) return 'agent-unknown'
    try {
      const client = serverClient(url, identity, TIMEOUT_MS)
      return (await client.hello({ protocol: AGENT_PROTOCOL.newest, ...about })).agent
    } catch (error) {
      if (error instanceof Problem) return error.code
      throw error
    }
  }
}

/** The code that the system or OpenSSL gives. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return 'no answer in time'
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException
  return code ?? (error.cause instanceof Error ? error.cause.message : error.message)
}
