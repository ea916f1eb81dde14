/**
 * An agent in a process of its own, to be killed: FOLDER URL KEY CARD STOP. Tells the challenge, reads the cryptogram, sets the
 * PIN, and stands still for ever at STOP: `before-reset`, `after-reset` (RESET RETRY COUNTER), `before-proof` (VERIFY).
 */
import { createInterface } from 'node:readline'
import { type CardReaders, OfflineUnblock } from '@unlatch/agent'
import { ascii } from '@unlatch/card'
import { loadVirtualCardFile } from '@unlatch/virtual-cards'
import { openWorkplace, toolsOf } from './call-stage.fixture.ts'

const [, , folder = '', url = '', configurationKeyHex = '', cardPath = '', stop = ''] = process.argv
const KILLED_PIN = '490712'

function standStill(): Promise<never> {
  console.log('standing still')
  setInterval(() => {}, 1_000_000)
  return new Promise(() => {})
}

/** Which stop a command is. */
const stopOf = (command: Uint8Array) => (command[1] === 0x2c ? 'reset' : isProof(command) ? 'proof' : undefined)
const isProof = (command: Uint8Array) => command[1] === 0x20 && command.length > 5

const stopping = (readers: CardReaders): CardReaders => ({
  ...readers,
  async connect(name) {
    const connection = await readers.connect(name)
    return {
      ...connection,
      async transmit(command) {
        if (stop === `before-${stopOf(command)}`) return standStill()
        const answer = await connection.transmit(command)
        return stop === `after-${stopOf(command)}` ? standStill() : answer
      },
    }
  },
})

const { agent, reader } = openWorkplace(folder, { url, configurationKeyHex })
await agent.contactServer()
reader.insert(loadVirtualCardFile(cardPath))
const attempt = await OfflineUnblock.begin({ ...toolsOf(agent), readers: stopping(agent.readers) }, reader.name)
console.log(attempt.way.challenge)
for await (const code of createInterface({ input: process.stdin })) {
  await attempt.enterCryptogram(ascii(code))
  await attempt.setNewPin(ascii(KILLED_PIN), false)
}
