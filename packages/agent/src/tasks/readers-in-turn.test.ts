import { VirtualReader } from '@unlatch/virtual-cards'
import { describe, expect, test } from 'vitest'
import { virtualReaders } from '../adapters/virtual-reader/virtual-readers.ts'
import { createCard } from './blocked-cards.fixture.ts'
import { readersInTurn } from './readers-in-turn.ts'

function stage(patienceMs?: number) {
  const reader = new VirtualReader('reader')
  reader.insert(createCard('yubikey').card)
  return { reader, readers: readersInTurn(virtualReaders([reader]), patienceMs) }
}

describe('two parts of one agent at one card', () => {
  test('take turns: the second waits until the first lets go', async () => {
    const { readers } = stage()
    const first = await readers.connect('reader')
    const order: string[] = []
    const second = readers.connect('reader').then((connection) => {
      order.push('second')
      return connection
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    order.push('first lets go')
    await first.disconnect()
    await (await second).disconnect()
    expect(order).toEqual(['first lets go', 'second'])
  })

  test('three that ask at once get the card one after the other', async () => {
    const { readers } = stage()
    const connections = [1, 2, 3].map(async (who) => {
      const connection = await readers.connect('reader')
      await new Promise((resolve) => setTimeout(resolve, 5))
      await connection.disconnect()
      return who
    })
    expect((await Promise.all(connections)).sort()).toEqual([1, 2, 3])
  })

  test('who waits too long is told that the card is in use', async () => {
    const { readers } = stage(30)
    const first = await readers.connect('reader')
    await expect(readers.connect('reader')).rejects.toMatchObject({ code: 'in-use' })
    await first.disconnect()
    await (await readers.connect('reader')).disconnect()
  })

  test('a card that is pulled, or a reader that fails, holds up nobody', async () => {
    const { reader, readers } = stage()
    await readers.connect('reader')
    reader.remove()
    await expect(readers.connect('reader')).rejects.toMatchObject({ code: 'no-card' })
    reader.insert(createCard('gids').card)
    await (await readers.connect('reader')).disconnect()
  })

  test('a card that one part changed is another insertion to the others, who are told', async () => {
    const { readers } = stage()
    let told = 0
    const end = readers.watch(() => told++)
    const [before] = await readers.list()
    readers.changed('reader')
    const [after] = await readers.list()
    expect([told, after?.insertion === before?.insertion]).toEqual([1, false])
    end()
    readers.changed('reader')
    expect(told).toBe(1)
  })
})
