/**
 * Claim: the card side of an unblock without a network takes no longer than a manufacturer's tool that is told PUK and PIN.
 *
 * `node bench/offline-unblock.ts`: from taking hold of a blocked card to the new PIN, set and verified, through pcscd and vpcd
 * in a network namespace of their own; nobody types, the operator's answer is there at once, and
 * the journal is flushed as always. Beside it
 * `yubico-piv-tool -a unblock-pin` on the same card in the same run, and the commands that each sends.
 */
import { spawnSync } from 'node:child_process'
import { createECDH } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OfflineUnblock } from '@unlatch/agent'
import { ascii, readHex } from '@unlatch/card'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import { deriveAttemptKeys, maskPuk, readNonce } from '@unlatch/card/unblock'
import { createVirtualCard, personalisePiv, type VirtualCardState } from '@unlatch/virtual-cards'
import { openJournal } from '../packages/agent/src/adapters/journal/journal.ts'
import { openPcsc } from '../packages/agent/src/adapters/pcsc/open-pcsc.ts'
import { type Pcscd, startPcscd } from '../test/peers/pcscd.ts'
import { runProgram } from '../test/peers/run-program.ts'
import { bounded } from './rig/bounded.ts'
import { median, percentile, printTable } from './rig/figures.ts'

const TIMES = 15
const CARD_UUID = readHex('00112233445566774899AABBCCDDEEFF')
const PUK = '87654321'
const NEW_PIN = '857142'
const WRONG_PIN = readHex('0020008008393939393939FFFF')
const VPCD = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so'

interface Took {
  readonly ms: number
  readonly commands: number
}

function blockedCard(): { state: VirtualCardState; point: Uint8Array } {
  const card = createVirtualCard('yubikey-3des')
  const { nineE } = personalisePiv(card, { cardUuid: CARD_UUID, puk: PUK, nineE: 'p256' })
  if (nineE?.algorithm !== 'p256') throw new Error('no P-256 key')
  for (let i = 0; i < 3; i++) card.transmit(WRONG_PIN)
  return { state: card.save(), point: nineE.point }
}

async function expectUnblocked(pcscd: Pcscd): Promise<void> {
  const { pin } = (await pcscd.save(0)) as VirtualCardState & { pin: { left: number } }
  if (pin.left !== 3) throw new Error('the card is still blocked')
}

async function run(pcscd: Pcscd, folder: string): Promise<void> {
  process.env.PCSCLITE_CSOCK_NAME = pcscd.env.PCSCLITE_CSOCK_NAME
  const readers = await openPcsc()
  const { state, point } = blockedCard()
  const unblockKey = createECDH('prime256v1')
  const tools = {
    readers,
    journal: openJournal(join(folder, 'journal.jsonl')),
    configuration: {
      version: 1 as const,
      unblockKeys: [unblockKey.generateKeys('hex').toUpperCase()],
      pinPolicy: {
        version: 1 as const,
        minLength: 6,
        maxLength: 8,
        longestRepeat: 8,
        longestSequence: 8,
        blockList: [],
      },
      helpDeskPhone: '1',
      organisation: 'O',
    },
    now: () => new Date(),
  }
  const z = new Uint8Array(unblockKey.computeSecret(point))
  const reader = pcscd.readerName(0)

  async function unblockOffline(): Promise<void> {
    const attempt = await OfflineUnblock.begin(tools, reader)
    const keys = deriveAttemptKeys(nodeCrypto, z, readNonce(attempt.way.challenge), 1, CARD_UUID)
    await attempt.enterCryptogram(ascii(maskPuk(nodeCrypto, keys, PUK)))
    await attempt.setNewPin(ascii(NEW_PIN), false)
  }
  async function unblockByTool(): Promise<void> {
    const args = ['--reader', reader, '-a', 'unblock-pin', '-P', PUK, '-N', NEW_PIN]
    const { code, output } = await runProgram('yubico-piv-tool', args, pcscd)
    if (code !== 0) throw new Error(output)
  }
  async function measure(unblock: () => Promise<void>): Promise<Took> {
    await pcscd.insert(0, state)
    await pcscd.commands(0)
    const started = performance.now()
    await unblock()
    const ms = performance.now() - started
    const commands = (await pcscd.commands(0)).length
    await expectUnblocked(pcscd)
    return { ms, commands }
  }

  await measure(unblockOffline)
  const [ours, theirs]: [Took[], Took[]] = [[], []]
  for (let i = 0; i < TIMES; i++) {
    ours.push(await measure(unblockOffline))
    theirs.push(await measure(unblockByTool))
  }
  await readers.close()
  const starts: Took[] = []
  for (let i = 0; i < TIMES; i++) {
    const started = performance.now()
    await runProgram('yubico-piv-tool', ['--version'])
    starts.push({ ms: performance.now() - started, commands: 0 })
  }
  const rowOf = (name: string, took: readonly Took[]) => {
    const times = took.map(({ ms }) => ms)
    const figures = [median(times), percentile(times, 0.9)].map((ms) => `${ms.toFixed(0)} ms`)
    return [name, ...figures, String(median(took.map(({ commands }) => commands)))]
  }
  printTable(
    [`${TIMES} each, in turn`, 'median', 'p90', 'commands'],
    [
      rowOf('unlatch, offline unblock', ours),
      rowOf('yubico-piv-tool -a unblock-pin', theirs),
      rowOf('(its process alone)', starts),
    ],
  )
}

/** Why it cannot be measured here. */
function findAbsence(): string | undefined {
  if (!existsSync(VPCD)) return 'pcscd with vpcd is not installed'
  const missing = ['yubico-piv-tool', 'opensc-tool'].find((name) => spawnSync(name, ['--help']).error !== undefined)
  if (missing) return `${missing} is not installed`
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
    await run(pcscd, folder)
  })
