import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../../test/property-runs.ts'
import { nodeCrypto as crypto } from '../node-crypto.ts'
import * as gids from './gids/index.ts'
import {
  ApduError,
  CardError,
  type Channel,
  readAll,
  readCommand,
  readResponse,
  readSequence,
  send,
  TlvError,
  writeCommand,
  writeTlv,
} from './iso7816/index.ts'
import { ascii, readHex, readUint, writeHex, writeUint } from './octets.ts'
import * as piv from './piv/index.ts'
import {
  CodeError,
  deriveAttemptKeys,
  maskPuk,
  readNativeChallenge,
  readNativeCryptogram,
  readNonce,
  readReceipt,
  readSymbols,
  unmaskPuk,
  writeChallenge,
  writeNativeChallenge,
  writeNativeCryptogram,
  writeReceipt,
  writeSymbols,
} from './unblock/index.ts'

const octets = (constraints?: fc.IntArrayConstraints) =>
  fc.uint8Array(constraints).map((array) => new Uint8Array(array))

/** Runs a reader that may only throw its own kind of error. */
function expectOnly(kind: abstract new (...args: never[]) => Error, read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(kind)
  }
}

describe('no octets whatever make a reader throw anything but its own error', () => {
  it('TLV', () => {
    void fc.assert(fc.property(octets(), (any) => expectOnly(TlvError, () => readSequence(any))))
  })
  it('APDUs', () => {
    void fc.assert(
      fc.property(octets({ maxLength: 600 }), (any) => {
        expectOnly(ApduError, () => readCommand(any))
        expectOnly(ApduError, () => readResponse(any))
      }),
    )
  })
  it('CHUID and Discovery', () => {
    void fc.assert(
      fc.property(octets(), (any) => {
        expectOnly(TlvError, () => piv.readCardUuid(any))
        expectOnly(TlvError, () => piv.isGlobalPinPreferred(any))
      }),
    )
  })
  it('codes that people type', () => {
    const keys = deriveAttemptKeys(crypto, new Uint8Array(32), new Uint8Array(5), 1, new Uint8Array(16))
    void fc.assert(
      fc.property(fc.string({ maxLength: 60 }), octets({ maxLength: 60 }), (text, typed) => {
        expectOnly(CodeError, () => readNonce(text))
        expectOnly(CodeError, () => readNativeChallenge(text))
        expectOnly(CodeError, () => readReceipt(crypto, keys, ascii('123456789012'), text))
        expectOnly(CodeError, () => unmaskPuk(crypto, keys, typed))
        expectOnly(CodeError, () => readNativeCryptogram(typed))
      }),
    )
  })
  it('a card that answers anything at all, to every command of an unblock', async () => {
    const commands: ((channel: Channel) => Promise<unknown>)[] = [
      piv.select,
      piv.readPinTries,
      (channel) => piv.getObject(channel, piv.OBJECT.chuid),
      (channel) => piv.agree(channel, new Uint8Array(65)),
      (channel) => piv.decipher(channel, new Uint8Array(256)),
      (channel) => piv.findRetries(channel, 0x81),
      (channel) => piv.verifyPin(channel, ascii('123456')),
      (channel) => piv.resetRetryCounter(channel, ascii('12345678'), ascii('123456')),
      gids.select,
      gids.getCardUuid,
      gids.readPinRetries,
      gids.getAdminChallenge,
      (channel) => gids.answerAdminChallenge(channel, new Uint8Array(8)),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.array(octets({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        async (answers, which) => {
          let next = 0
          const channel: Channel = { transmit: async () => answers[next++ % answers.length] ?? new Uint8Array(0) }
          const command = commands[which % commands.length]
          await command?.(channel).catch((error) => expect(error).toBeInstanceOf(CardError))
        },
      ),
      { numRuns: runs(500) },
    )
  })
  it('an answer without an end is cut', async () => {
    const channel: Channel = { transmit: async () => Uint8Array.of(...new Uint8Array(255), 0x61, 0xff) }
    await expect(send(channel, { cla: 0, ins: 0xcb, p1: 0, p2: 0 })).rejects.toThrow(CardError)
  })
})

describe('read(write(x)) = x', () => {
  it('hexadecimal, integers, symbols', () => {
    void fc.assert(
      fc.property(octets({ maxLength: 64 }), (any) => {
        expect(readHex(writeHex(any))).toEqual(any)
        expect(writeUint(readUint(any), any.length)).toEqual(any)
        expect(readSymbols(writeSymbols(any), any.length)).toEqual(any)
      }),
    )
  })
  it('data objects of every tag and length form', () => {
    const tag = fc.constantFrom(0x53, 0x7c, 0x82, 0x5f2f, 0x7f49, 0xdf20, 0x5fc102)
    void fc.assert(
      fc.property(tag, octets({ maxLength: 70_000, size: 'max' }), (any, value) => {
        expect(readAll(writeTlv(any, value), (cursor) => cursor.read(any))).toEqual(value)
      }),
      { numRuns: runs(40) },
    )
  })
  it('commands of all four cases, short and extended', () => {
    const command = fc.record({
      cla: fc.nat(255),
      ins: fc.nat(255),
      p1: fc.nat(255),
      p2: fc.nat(255),
      data: octets({ minLength: 1, maxLength: 400 }),
      le: fc.integer({ min: 1, max: 0x10000 }),
      isWithData: fc.boolean(),
      isWithLe: fc.boolean(),
    })
    void fc.assert(
      fc.property(command, ({ data, le, isWithData, isWithLe, ...header }) => {
        const whole = { ...header, ...(isWithData && { data }), ...(isWithLe && { le }) }
        expect(readCommand(writeCommand(whole))).toEqual(whole)
      }),
    )
  })
  it('chained commands arrive whole', async () => {
    await fc.assert(
      fc.asyncProperty(octets({ maxLength: 1200 }), async (data) => {
        const arrived: number[] = []
        const channel: Channel = {
          async transmit(octetsSent) {
            const command = readCommand(octetsSent)
            arrived.push(...(command.data ?? []))
            expect((command.cla & 0x10) !== 0).toBe(arrived.length < data.length)
            return Uint8Array.of(0x90, 0x00)
          },
        }
        await send(channel, { cla: 0x00, ins: 0xdb, p1: 0x3f, p2: 0xff, data })
        expect(Uint8Array.from(arrived)).toEqual(data)
      }),
    )
  })
  it('challenge, cryptogram and receipt of any card and PUK', () => {
    const puk = fc.nat(99_999_999).map((value) => String(value).padStart(8, '0'))
    const outcome = fc.oneof(
      fc.constant({ code: 'unblocked' } as const),
      fc.constant({ code: 'unknown' } as const),
      fc.nat(7).map((triesLeft) => ({ code: 'refused', triesLeft }) as const),
    )
    const [z, nonce, uuid] = [32, 5, 16].map((length) => octets({ minLength: length, maxLength: length }))
    if (!z || !nonce || !uuid) throw new Error('three')
    void fc.assert(
      fc.property(z, nonce, uuid, puk, outcome, (secret, fresh, cardUuid, digits, told) => {
        const keys = deriveAttemptKeys(crypto, secret, fresh, 1, cardUuid)
        expect(readNonce(writeChallenge(crypto, keys, fresh))).toEqual(fresh)
        const cryptogram = ascii(maskPuk(crypto, keys, digits))
        expect(unmaskPuk(crypto, keys, cryptogram)).toEqual(ascii(digits))
        expect(readReceipt(crypto, keys, cryptogram, writeReceipt(crypto, keys, cryptogram, told))).toEqual(told)
      }),
    )
  })
  it('native challenge and cryptogram of 8 and 16 octets', () => {
    const block = fc.oneof(octets({ minLength: 8, maxLength: 8 }), octets({ minLength: 16, maxLength: 16 }))
    void fc.assert(
      fc.property(block, (any) => {
        expect(readNativeChallenge(writeNativeChallenge(crypto, any, new Uint8Array(16)))).toEqual(any)
        expect(readNativeCryptogram(ascii(writeNativeCryptogram(any)))).toEqual(any)
      }),
    )
  })
})
