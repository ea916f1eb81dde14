/**
 * Claim: a server keeps hundreds of agents connected in little memory.
 *
 * `node bench/agents.ts [agents]` (500): each with its own key, its signed hello and a card in its reader, all on one server in a
 * process of its own; its resident memory before and with them, after two ticks.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AGENT_PROTOCOL, type AgentMessage, agentSignatureText, CHANNEL_PATH, TICK_SECONDS } from '@unlatch/contract'
import { bounded } from './rig/bounded.ts'
import { median, printTable } from './rig/figures.ts'
import { serve } from './rig/served.ts'

const AGENTS = Number(process.argv[2] ?? 500)

/** Resident memory in KiB. [proc_pid_status(5)] */
const memoryOf = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

function makeAgent(index: number) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const { x = '' } = publicKey.export({ format: 'jwk' })
  const publicKeyHex = Buffer.from(x, 'base64url').toString('hex').toUpperCase()
  return { privateKey, publicKeyHex, name: `agent ${index}`, isStation: false }
}

/** Connects, and tells of a card; resolves with the milliseconds until it was welcome. */
function connect({ privateKey, publicKeyHex, name }: ReturnType<typeof makeAgent>, port: number) {
  const started = performance.now()
  const hello = JSON.stringify({ protocol: AGENT_PROTOCOL.newest, version: 'bench', platform: 'linux' })
  const [time, nonce] = [new Date().toISOString(), randomBytes(16).toString('hex')]
  const bodySha256Hex = createHash('sha256').update(hello).digest('hex')
  const text = agentSignatureText({ method: 'GET', path: CHANNEL_PATH, time, nonce, bodySha256Hex })
  const signature = sign(null, Buffer.from(text), privateKey).toString('base64')
  const socket = new WebSocket(`ws://localhost:${port}${CHANNEL_PATH}`)
  socket.onopen = () =>
    socket.send(JSON.stringify({ type: 'hello', hello, agent: publicKeyHex, time, nonce, signature }))
  return new Promise<{ socket: WebSocket; ms: number }>((resolve, reject) => {
    socket.onerror = () => reject(new Error('no connection'))
    socket.onmessage = ({ data }) => {
      if (!String(data).includes('"welcome"')) return
      socket.onmessage = null
      const cardUuid = createHash('sha256').update(name).digest('hex').slice(0, 32).toUpperCase()
      const card = {
        kind: 'yubikey',
        firmware: '5.7.1',
        family: 'piv',
        cardUuid,
        hardwareNumber: 'yubico:1',
        isBlocked: true,
      } as const
      socket.send(JSON.stringify({ type: 'readers', readers: [{ name: 'Reader', card }] } satisfies AgentMessage))
      resolve({ socket, ms: performance.now() - started })
    }
  })
}

await bounded(3, async (later) => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  const agents = Array.from({ length: AGENTS }, (_, i) => makeAgent(i))
  const enrolled = agents.map(({ privateKey: _, ...agent }) => agent)
  const server = await serve({ folder, webFolder: folder, isDemo: true, agents: enrolled, logLevel: 'silent' })
  later(() => server.stop())
  await sleep(3000)
  const before = memoryOf(server.pid)
  const times: number[] = []
  for (const agent of agents) {
    const { socket, ms } = await connect(agent, server.port)
    later(() => socket.close())
    times.push(ms)
  }
  await sleep((2 * TICK_SECONDS + 1) * 1000)
  const after = memoryOf(server.pid)
  printTable(
    [`${AGENTS} agents`, 'figure'],
    [
      ['memory without them', `${(before / 1024).toFixed(0)} MiB`],
      ['memory with them', `${(after / 1024).toFixed(0)} MiB`],
      ['for each', `${((after - before) / AGENTS).toFixed(0)} KiB`],
      ['connected and welcome, median', `${median(times).toFixed(1)} ms`],
    ],
  )
})
