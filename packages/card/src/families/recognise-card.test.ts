import { createVirtualCard, type VirtualCardKind } from '@unlatch/virtual-cards'
import { describe, expect, it } from 'vitest'
import type { Channel } from '../iso7816/channel.ts'
import { type Octets, readHex, writeHex } from '../octets.ts'
import { FAMILIES, FAMILY_IDS } from './families.ts'
import { recogniseCard } from './recognise-card.ts'

const channelTo = (kind: VirtualCardKind): Channel => {
  const card = createVirtualCard(kind)
  return { transmit: async (command) => card.transmit(command) }
}

/** A card that answers what is listed, and `6A82` to everything else. */
const answering = (answers: Readonly<Record<string, string>>): Channel => ({
  transmit: async (command): Promise<Octets> => {
    const hex = writeHex(command)
    const found = Object.entries(answers).find(([beginning]) => hex.startsWith(beginning))
    return readHex(found?.[1] ?? '6A82')
  },
})

const SELECT_PIV = '00A4040009A00000030800001000'
const SELECT_CAC = '00A4040007A0000000790300'
const GET_VERSION = '00FD0000'

describe('which kind of card this is', () => {
  it.each([
    ['yubikey', { family: 'yubikey', application: 'piv', version: [5, 7, 1], serialNumber: expect.any(Number) }],
    ['piv-strict', { family: 'piv', application: 'piv', version: undefined, serialNumber: undefined }],
    ['piv-lenient', { family: 'piv', application: 'piv' }],
    ['gids', { family: 'gids', application: 'gids' }],
  ] as const)('%s', async (kind, expected) => {
    expect(await recogniseCard(channelTo(kind))).toMatchObject(expected)
  })

  it('a PivApplet, by the label of its template; its random serial is not asked for', async () => {
    const template = `610E4F050000100001${'50'}09${writeHex(new TextEncoder().encode('PivApplet'))}`
    const heard: string[] = []
    const card = answering({
      [SELECT_PIV]: `${template.replace('610E', '6112')}9000`,
      [GET_VERSION]: '0504009000',
    })
    const spy: Channel = {
      transmit: (command) => {
        heard.push(writeHex(command))
        return card.transmit(command)
      },
    }
    expect(await recogniseCard(spy)).toMatchObject({
      family: 'piv-applet',
      version: [5, 4, 0],
      serialNumber: undefined,
    })
    expect(heard.filter((command) => command.startsWith('00F8'))).toEqual([])
  })

  it('a Common Access Card, with PIV beside it or without', async () => {
    expect(await recogniseCard(answering({ [SELECT_PIV]: '9000', [SELECT_CAC]: '9000' }))).toMatchObject({
      family: 'cac',
      application: undefined,
    })
    expect(await recogniseCard(answering({ [SELECT_CAC]: '9000' }))).toMatchObject({ family: 'cac' })
  })

  it('an IDPrime by its own applet; a card that knows nothing; one that answers nonsense', async () => {
    expect(await recogniseCard(answering({ '00A404000BA000000018800000000662': '9000' }))).toMatchObject({
      family: 'idprime',
      application: undefined,
    })
    expect(await recogniseCard(answering({}))).toMatchObject({ family: undefined, application: undefined })
    const nonsense = answering({ [SELECT_PIV]: '61FF009000', [GET_VERSION]: '059000', '00CB3FFF': '53FF9000' })
    expect(await recogniseCard(nonsense)).toMatchObject({ family: 'piv', cardUuid: undefined, version: undefined })
  })

  it('what breaks on the way to the card is not taken for an answer of the card', async () => {
    const torn: Channel = { transmit: async () => Promise.reject(new Error('torn')) }
    await expect(recogniseCard(torn)).rejects.toThrow('torn')
  })
})

it('each kind has a row that says how it is known', () => {
  expect(FAMILIES.map(({ id }) => id).toSorted()).toEqual([...FAMILY_IDS].toSorted())
  for (const { verified } of FAMILIES)
    expect(['virtual card, tools of others', 'virtual card', 'documentation']).toContain(verified)
})
