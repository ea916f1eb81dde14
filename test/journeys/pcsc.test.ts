import { createECDH } from 'node:crypto'
import { ascii, type Octets, readHex, writeHex } from '@unlatch/card'
import * as gids from '@unlatch/card/gids'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import {
  answerChallenge,
  deriveAttemptKeys,
  maskPuk,
  readNativeChallenge,
  readNonce,
  readReceipt,
  writeNativeCryptogram,
} from '@unlatch/card/unblock'
import { createVirtualCard, personaliseGids, personalisePiv, type VirtualCardState } from '@unlatch/virtual-cards'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { loadPcscLibrary } from '../../packages/agent/src/adapters/pcsc/load-pcsc-library.ts'
import { openPcsc } from '../../packages/agent/src/adapters/pcsc/open-pcsc.ts'
import type { CardReaders, ReaderError } from '../../packages/agent/src/tasks/ports.ts'
import { OfflineUnblock } from '../../packages/agent/src/tasks/unblock-offline.ts'
import { needs } from '../peers/needs.ts'
import { type Pcscd, startPcscd } from '../peers/pcscd.ts'
import { runProgram } from '../peers/run-program.ts'

const CARD_UUID = readHex('00112233445566774899AABBCCDDEEFF')
const ADMIN_KEY = readHex('0102030405060708010203040506070801020304050607F8')
const PUK = '87654321'
const SELECT_GIDS = readHex('00A4040009A0000003974254465900')
const SELECT_PIV = readHex('00A4040009A0000003080000100000')
const QUERY = readHex('00200080')
const WRONG_PIN = readHex('0020008008393939393939FFFF')

function blockedGids(): VirtualCardState {
  const card = createVirtualCard('gids')
  personaliseGids(card, { cardId: CARD_UUID, adminKey: ADMIN_KEY, pin: '123456' })
  for (let i = 0; i < 3; i++) card.transmit(readHex('0020008006393939393939'))
  return card.save()
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: ReaderError) => error.code,
  )
const hex = async (answer: Promise<Octets>) => writeHex(await answer)

needs('pcscd', 'opensc')('the agent’s PC/SC adapter, through pcscd', () => {
  let pcscd: Pcscd
  let readers: CardReaders
  let reader: string

  beforeAll(async () => {
    pcscd = await startPcscd()
    process.env.PCSCLITE_CSOCK_NAME = pcscd.env.PCSCLITE_CSOCK_NAME
    reader = pcscd.readerName(0)
    readers = await openPcsc({ patienceMs: 500 })
  })
  afterAll(async () => {
    await readers?.close()
    await pcscd?.stop()
  })
  afterEach(async () => {
    expect((await readers.list()).map(({ name }) => name)).toEqual([reader, pcscd.readerName(1)])
  })

  /** Resolves once the watch has told of this. */
  const until = (isSo: (hasCard: boolean) => boolean) =>
    new Promise<void>((resolve) => {
      const look = async () => {
        const found = (await readers.list().catch(() => [])).find(({ name }) => name === reader)
        if (!found || !isSo(found.hasCard)) return
        end()
        resolve()
      }
      const end = readers.watch(() => void look())
      void look()
    })

  const connect = async () => {
    const connection = await readers.connect(reader)
    onTestFinished(() => connection.disconnect())
    return connection
  }

  test('sees readers, an insertion and a removal', async () => {
    expect(await readers.list()).toContainEqual(expect.objectContaining({ name: reader, hasCard: false }))
    expect(await codeOf(readers.connect(reader))).toBe('no-card')
    expect(await codeOf(readers.connect('Nobody’s reader'))).toBe('no-reader')
    await pcscd.insert(0, createVirtualCard('piv-strict').save())
    await until((hasCard) => hasCard)
    expect(await readers.list()).toContainEqual(expect.objectContaining({ name: reader, hasCard: true }))
    await pcscd.pull(0)
    await until((hasCard) => !hasCard)
  })

  test('a removal is told at once, and another card is another connection', async () => {
    await pcscd.insert(0, createVirtualCard('piv-strict').save())
    const connection = await connect()
    await connection.transmit(SELECT_PIV)
    await pcscd.pull(0)
    expect((await connection.whenEnded).code).toBe('removed')
    await pcscd.insert(0, createVirtualCard('piv-strict').save())
    expect(await codeOf(connection.transmit(QUERY))).toBe('removed')
    expect(await hex((await connect()).transmit(QUERY))).toBe('6986')
  })

  test('a transaction is held until the card is let go: no other program comes between', async () => {
    await pcscd.insert(0, blockedGids())
    const connection = await readers.connect(reader)
    const challenge = await gids.select(connection).then(() => gids.getAdminChallenge(connection))
    const other = runProgram('opensc-tool', ['--reader', '0', '--send-apdu', '00A4040009A0000003974254465900'], pcscd)
    expect(await codeOf(readers.connect(reader))).toBe('in-use')
    await gids.answerAdminChallenge(connection, answerChallenge(nodeCrypto, '3des', ADMIN_KEY, challenge))
    await gids.resetRetryCounter(connection, ascii('654321'))
    await gids.verifyPin(connection, ascii('654321'))
    await connection.reset()
    expect(await codeOf(readers.connect(reader))).toBe('in-use')
    expect(await hex(connection.transmit(QUERY))).toBe('6986')
    await connection.transmit(SELECT_GIDS)
    await connection.transmit(readHex('0020008006363534333231'))
    await connection.disconnect()
    expect(await codeOf(connection.transmit(QUERY))).toBe('closed')
    expect((await other).stdout).toContain('SW1=0x90')
    const after = await connect()
    await after.transmit(SELECT_GIDS)
    expect(await hex(after.transmit(QUERY))).toBe('63C3')
  })

  test('without a transaction, another program’s challenge supersedes ours, and its reset is told', async () => {
    await pcscd.insert(0, blockedGids())
    // As on Windows, once a transaction has seen no call for too long.
    const library = { ...(await loadPcscLibrary()), beginTransaction: async () => {} }
    const [ours, others] = await Promise.all([openPcsc({ library }), openPcsc({ library })])
    onTestFinished(async () => void (await Promise.all([ours.close(), others.close()])))
    const [connection, other] = [await ours.connect(reader), await others.connect(reader)]
    const challenge = await gids.select(connection).then(() => gids.getAdminChallenge(connection))
    await gids.getAdminChallenge(other)
    const answer = gids.answerAdminChallenge(connection, answerChallenge(nodeCrypto, '3des', ADMIN_KEY, challenge))
    await expect(answer).rejects.toMatchObject({ name: 'CardError' })
    await other.disconnect()
    expect(await codeOf(connection.transmit(QUERY))).toBe('reset')
  })

  test.each(['before', 'after'] as const)(
    'torn %s the card saw the command: the outcome is unknown',
    async (moment) => {
      await pcscd.insert(0, createVirtualCard('piv-strict').save())
      const connection = await connect()
      await connection.transmit(SELECT_PIV)
      await pcscd.cutPower(0, { afterCommands: 1, moment })
      expect(await hex(connection.transmit(QUERY))).toBe('63C3')
      expect(await codeOf(connection.transmit(WRONG_PIN))).toBe('torn')
      expect((await connection.whenEnded).code).toBe('torn')
      expect(await pcscd.save(0)).toMatchObject({ pin: { left: moment === 'after' ? 2 : 3 } })
      expect(await codeOf(connection.transmit(QUERY))).toBe('torn')
    },
  )

  test('a service that ends, and comes back', async () => {
    await pcscd.insert(0, createVirtualCard('piv-strict').save())
    const connection = await connect()
    await pcscd.stopDaemon()
    expect(await codeOf(connection.transmit(SELECT_PIV))).toBe('service-stopped')
    expect(await codeOf(readers.list())).toBe('no-service')
    expect(await codeOf(readers.connect(reader))).toBe('no-service')
    await pcscd.startDaemon()
    await until((hasCard) => hasCard)
    expect(await hex((await connect()).transmit(SELECT_PIV))).toMatch(/9000$/)
  })

  const unblockKey = createECDH('prime256v1')
  const tools = () => ({
    readers,
    journal: {
      intend: async () => {},
      settle: async () => {},
      unreported: async () => [],
      markReported: async () => {},
    },
    configuration: {
      version: 1,
      unblockKeys: [unblockKey.generateKeys('hex').toUpperCase()],
      pinPolicy: { version: 1, minLength: 6, maxLength: 8, longestRepeat: 8, longestSequence: 8, blockList: [] },
      helpDeskPhone: '1',
      organisation: 'O',
    },
    now: () => new Date(0),
  })

  test('a GIDS card is unblocked offline', async () => {
    await pcscd.insert(0, blockedGids())
    const attempt = await OfflineUnblock.begin(tools(), reader)
    const block = readNativeChallenge(attempt.way.challenge)
    const cryptogram = writeNativeCryptogram(answerChallenge(nodeCrypto, '3des', ADMIN_KEY, block))
    await attempt.enterCryptogram(ascii(cryptogram))
    expect(await attempt.setNewPin(ascii('857142'), false)).toEqual({ receipt: null })
    expect(await pcscd.save(0)).toMatchObject({ pin: { valueHex: '383537313432', left: 3 } })
  })

  test.each(['piv-lenient', 'yubikey'] as const)('a %s card is unblocked offline', async (kind) => {
    const card = createVirtualCard(kind)
    const { nineE } = personalisePiv(card, { cardUuid: CARD_UUID, puk: PUK, nineE: 'p256' })
    if (nineE?.algorithm !== 'p256') throw new Error('no P-256 key')
    for (let i = 0; i < 3; i++) card.transmit(WRONG_PIN)
    await pcscd.insert(0, card.save())
    const attempt = await OfflineUnblock.begin(tools(), reader)
    const z = new Uint8Array(unblockKey.computeSecret(nineE.point))
    const keys = deriveAttemptKeys(nodeCrypto, z, readNonce(attempt.way.challenge), 1, CARD_UUID)
    const cryptogram = ascii(maskPuk(nodeCrypto, keys, PUK))
    await attempt.enterCryptogram(cryptogram)
    const { receipt } = await attempt.setNewPin(ascii('857142'), false)
    expect(readReceipt(nodeCrypto, keys, cryptogram, receipt ?? '')).toEqual({ code: 'unblocked' })
    expect(await pcscd.save(0)).toMatchObject({ pin: { valueHex: '383537313432FFFF', left: 3 } })
  })
})
