import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readHex, writeHex } from '@unlatch/card'
import { describe, expect, test } from 'vitest'
import { createVirtualCard } from './create-virtual-card.ts'
import { PreparedRandom, ReplayChannel, ReplayError, readTranscript, replay } from './replay.ts'

const readTrace = (name: string) =>
  readTranscript(readFileSync(new URL(`../../card/vectors/traces/${name}.txt`, import.meta.url), 'utf8'))
/** The command that makes the applet in its simulator is none of the card's. */
const ofCard = (name: string) => readTrace(name).exchanges.filter(({ command }) => command[0] !== 0x80)

const ACKNOWLEDGED = [
  {
    why: 'label, address and algorithms of the template are the applet’s own',
    command: /^00A40400(05A000000308|09A00000030800001000)/,
  },
  {
    why: 'metadata: the applet leaves the algorithm of PIN and PUK out, and reports other policies and origin for 9B',
    command: /^00F700/,
  },
  {
    why: 'a reset to factory state brings the factory’s algorithm of 9B back too; the applet keeps AES',
    task: /^after reset/,
    command: /^0087039B/,
  },
  { why: 'a reset to factory state draws new identifiers', task: /^after reset/, command: /^00CB3FFF055C035FC102/ },
  {
    why: 'no client in the transcript deciphered this witness',
    task: /^9B auth with old key/,
    command: /^0087039B047C028000/,
  },
  { why: 'the last cryptogram of a mutual authentication holds random octets of the card', command: /^008700002C/ },
]

const isAcknowledged = (difference: { command: string; task: string }) =>
  ACKNOWLEDGED.some(({ command, task }) => command.test(difference.command) && (task?.test(difference.task) ?? true))

describe('recorded clients get the recorded answers', () => {
  test('PIV', () => {
    const random = new PreparedRandom(randomBytes)
    const [serial, guid, cardIdentifier] = [
      'CDF270F8',
      '649B8272BF1A21A8BF578ACEE99D4F65',
      'E7C162E61CB008CFEED6393B4142',
    ]
    random.prepare(...[serial, guid, cardIdentifier].map(readHex))
    const card = createVirtualCard('piv-lenient', {
      random: random.draw,
      profile: { pinTries: 5, yubicoCommands: [0xf7, 0xf8, 0xfa, 0xfb, 0xfd, 0xfe, 0xff], yubicoVersion: [5, 4, 0] },
    })
    const exchanges = ofCard('piv-tools')
    expect(exchanges.length).toBeGreaterThan(600)
    const differences = replay(exchanges, card, random)
    expect(differences.filter((difference) => !isAcknowledged(difference))).toEqual([])
    expect(differences.length).toBeGreaterThan(0)
  })

  test('GIDS', () => {
    const random = new PreparedRandom(randomBytes)
    const differences = replay(ofCard('gids-tools'), createVirtualCard('gids', { random: random.draw }), random)
    expect(differences.filter((difference) => !isAcknowledged(difference))).toEqual([])
    for (const { recorded, answered } of differences) expect(answered.length).toBe(recorded.length)
    expect(differences.map(({ task }) => task)).toEqual([
      'gids-tool --unblock',
      'change admin key',
      'unblock with new admin key',
    ])
  })
})

describe('a card that is a transcript', () => {
  const text = 'source: made here\ncard: none\n\n# ==== ask\n# RESET\n> 00200080\n< 63C3\n> 00FD000000\n< 0504009000\n'

  test('answers in order and refuses another command', async () => {
    const channel = new ReplayChannel(readTranscript(text).exchanges)
    expect(writeHex(await channel.transmit(readHex('00200080')))).toBe('63C3')
    await expect(channel.transmit(readHex('00200080'))).rejects.toThrow(ReplayError)
    expect(channel.isAtEnd).toBe(false)
    expect(writeHex(await channel.transmit(readHex('00FD000000')))).toBe('0504009000')
    expect(channel.isAtEnd).toBe(true)
  })

  test('keeps its header, and knows no other keys', () => {
    expect(readTranscript(text).header).toEqual({ source: ['made here'], card: ['none'] })
    expect(() => readTranscript('colour: red\n\n')).toThrow(ReplayError)
    expect(() => readTranscript('card: none\n\n?\n')).toThrow(ReplayError)
  })
})
