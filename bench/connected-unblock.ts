/**
 * Claim: from *Unblock* to a new PIN that works it takes the operator's click and the holder's typing, and hardly more: beside a
 * manufacturer's tool that is told PUK and PIN.
 *
 * `node bench/connected-unblock.ts`: a real server over HTTP, an agent with its channel, a YubiKey-like card through pcscd and
 * vpcd in a network namespace of their own. Nobody types: PIN and Operator PIN are there at once, so what is measured is asking,
 * the agent, the statement, its confirmation, the sealed PUK, the card, and the report. Beside it `yubico-piv-tool -a
 * unblock-pin` on the same card in the same run; and how long a card that is inserted takes to be seen in the console.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAgent, SelfServiceUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { createVirtualCard, type VirtualCardState } from '@unlatch/virtual-cards'
import { openPcsc } from '../packages/agent/src/adapters/pcsc/open-pcsc.ts'
import { openChannels, untilSeen, untilState } from '../packages/unlatch/src/demo/attended.ts'
import { CAST, OPERATOR } from '../packages/unlatch/src/demo/cast.ts'
import { OperatorClient } from '../packages/unlatch/src/demo/operator-client.ts'
import { addDemoOperator, addDemoPerson, blockPin, issue, openStage } from '../packages/unlatch/src/demo/stage.ts'
import { aloneBy } from '../packages/unlatch/src/demo/templates.ts'
import { type Pcscd, startPcscd } from '../test/peers/pcscd.ts'
import { runProgram } from '../test/peers/run-program.ts'
import { bounded } from './rig/bounded.ts'
import { median, percentile, printTable } from './rig/figures.ts'

const TIMES = 15
const NEW_PIN = '857142'
const TOOL = 'yubico-piv-tool'
const VPCD = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'

async function run(pcscd: Pcscd, folder: string, later: (undo: () => unknown) => void): Promise<void> {
  process.env.PCSCLITE_CSOCK_NAME = pcscd.env.PCSCLITE_CSOCK_NAME
  const stage = await openStage(folder, { releasesPerHour: 10_000 })
  later(() => stage.close())
  await addDemoOperator(stage)
  const operator = new OperatorClient(stage.server.url)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  const [person] = CAST
  if (!person) throw new Error('nobody')
  const { id: personId } = await addDemoPerson(stage, person)
  const readers = await openPcsc()
  later(() => readers.close())
  // The laptop's agent, with a real reader.
  const { url: serverUrl, configurationKeyHex: pinnedKeyHex } = stage.server
  const agent = openAgent({ folder: stage.holder.agent.folder, serverUrl, pinnedKeyHex, readers })
  await agent.contactServer()
  const types = (attempt: { setNewPin(pin: Uint8Array, consent: boolean): Promise<unknown> }) =>
    attempt.setNewPin(ascii(NEW_PIN), false)
  later(openChannels({ ...stage, holder: { ...stage.holder, agent } }, { agrees: async () => {}, types }))
  const reader = { reader: { name: pcscd.readerName(0) } }

  const { id: templateId } = await operator.addTemplate({ name: 'Alone', document: aloneBy({}) })

  let count = 0
  /** A card of the day's limits, blocked, and its PUK. */
  async function freshCard(): Promise<{ state: VirtualCardState; puk: string; cardId: string }> {
    const card = createVirtualCard('yubikey-3des')
    const wish = { kind: 'yubikey-3des', label: 'card', printedSerial: `B-${++count}`, isBlocked: true } as const
    const cardId = await issue(stage, card, wish, personId, templateId)
    blockPin(card)
    const state = card.save() as VirtualCardState & { puk: { valueHex: string } }
    return { state, cardId, puk: Buffer.from(state.puk.valueHex, 'hex').toString() }
  }
  const seen: number[] = []
  async function unblockConnected(): Promise<number> {
    const { state } = await freshCard()
    const inserted = performance.now()
    await pcscd.insert(0, state)
    const { agentId, reader: name, card } = await untilSeen(operator, reader)
    seen.push(performance.now() - inserted)
    const started = performance.now()
    const id = await operator.askUnblock({ cardId: card?.id ?? '', agentId, reader: name })
    await untilState(operator, id, 'ready')
    const { statement } = await operator.writeStatement(id)
    await operator.sign(id, statement.nonce, { kind: 'password', password: OPERATOR.password })
    const { state: end } = await untilState(operator, id, 'unblocked', 'refused', 'unknown', 'ended')
    if (end !== 'unblocked') throw new Error(end)
    return performance.now() - started
  }
  /** From the holder's OK, with the code and the PIN there at once, to his success. */
  async function unblockAlone(): Promise<number> {
    const { state, cardId } = await freshCard()
    await operator.verifyInPerson(cardId, 'telephone')
    const [code = ''] = (await operator.giveUnblockCodes(cardId, 'spoken')).codes
    await pcscd.insert(0, state)
    await untilSeen(operator, reader)
    const { journal, server, keySha256 } = agent
    const tools = { readers, journal, server, keySha256, configuration: agent.configuration(), now: () => new Date() }
    const attempt = await SelfServiceUnblock.begin(tools, reader.reader.name)
    let pressed = 0
    attempt.onStep = (step) => {
      if (step !== 'authenticate') return
      pressed = performance.now()
      attempt.answer('unblock-code', ascii(code)).catch(() => attempt.end())
    }
    await attempt.setNewPin(ascii(NEW_PIN), false)
    const took = performance.now() - pressed
    await agent.contactServer()
    return took
  }
  async function unblockByTool(): Promise<number> {
    const { state, puk } = await freshCard()
    await pcscd.insert(0, state)
    await untilSeen(operator, reader)
    const started = performance.now()
    const args = ['--reader', reader.reader.name, '-a', 'unblock-pin', '-P', puk, '-N', NEW_PIN]
    const { code, output } = await runProgram(TOOL, args, pcscd)
    if (code !== 0) throw new Error(output)
    return performance.now() - started
  }

  await unblockConnected()
  await unblockAlone()
  const [ours, alone, theirs]: [number[], number[], number[]] = [[], [], []]
  for (let i = 0; i < TIMES; i++) {
    ours.push(await unblockConnected())
    alone.push(await unblockAlone())
    theirs.push(await unblockByTool())
  }
  const rowOf = (name: string, times: readonly number[]) => [
    name,
    ...[median(times), percentile(times, 0.9)].map((ms) => `${ms.toFixed(0)} ms`),
  ]
  printTable(
    [`${TIMES} each, in turn`, 'median', 'p90'],
    [
      rowOf('unlatch, from Unblock to success', ours),
      rowOf('unlatch, self-service, from OK to success', alone),
      rowOf('yubico-piv-tool -a unblock-pin', theirs),
      rowOf('(card inserted, seen in the console)', seen),
    ],
  )
}

/** Why it cannot be measured here. */
function findAbsence(): string | undefined {
  if (!existsSync(VPCD)) return 'pcscd with vpcd is not installed'
  if (spawnSync(TOOL, ['--help']).error !== undefined) return `${TOOL} is not installed`
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0) return 'no network namespace may be made'
  return undefined
}

const absence = findAbsence()
if (absence) console.log(`not measured: ${absence}`)
else
  await bounded(4, async (later) => {
    const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
    later(() => rmSync(folder, { recursive: true, force: true }))
    const pcscd = await startPcscd()
    later(() => pcscd.stop())
    await run(pcscd, folder, later)
  })
