import { type Octets, writeHex } from '@unlatch/card'
import { type CommandApdu, readCommand } from '@unlatch/card/iso7816'
import type { CardReaders } from './ports.ts'

/** Instruction bytes by name. [7816-4, table 4]; [SP 800-73-5 pt 2, 3]; [Yubico PIV extensions] */
const INSTRUCTIONS: Readonly<Record<number, string>> = {
  32: 'VERIFY',
  34: 'MANAGE SECURITY ENVIRONMENT',
  36: 'CHANGE REFERENCE DATA',
  44: 'RESET RETRY COUNTER',
  71: 'GENERATE ASYMMETRIC KEY PAIR',
  135: 'GENERAL AUTHENTICATE',
  164: 'SELECT',
  192: 'GET RESPONSE',
  203: 'GET DATA',
  219: 'PUT DATA',
  247: 'GET METADATA',
  248: 'GET SERIAL',
  253: 'GET VERSION',
}

/** Instructions whose data holds a PIN, PUK or key, or a proof made with one: never shown. */
const SECRET_INSTRUCTIONS = [0x20, 0x24, 0x2c, 0x87, 0xdb, 0xff, 0xfe]
/** GENERAL AUTHENTICATE: what key 9E answers opens every cryptogram of its card. */
const INS_GENERAL_AUTHENTICATE = 0x87
const INS_GET_RESPONSE = 0xc0

/** Readers whose cards say each command and answer to `print`: names, headers, data without secrets. */
export function tracedReaders(readers: CardReaders, print: (line: string) => void): CardReaders {
  return {
    ...readers,
    async connect(reader) {
      const connection = await readers.connect(reader)
      let isSecret = false
      return {
        ...connection,
        async transmit(command) {
          print(`  > ${describeCommand(command)}`)
          const answer = await connection.transmit(command)
          // The rest of a long answer is as secret as its beginning.
          if (command[1] !== INS_GET_RESPONSE) isSecret = command[1] === INS_GENERAL_AUTHENTICATE
          print(`  < ${describeAnswer(answer, isSecret)}`)
          return answer
        },
      }
    },
  }
}

/** A command for people: its name, its header, its data unless that is secret. */
function describeCommand(octets: Uint8Array): string {
  const command = readCommand(octets)
  const name = INSTRUCTIONS[command.ins] ?? 'command'
  return `${name.padEnd(28)} ${writeHex(octets.subarray(0, 4))} ${describeData(command)}`.trimEnd()
}

function describeData({ ins, data }: CommandApdu): string {
  if (!data) return ''
  return SECRET_INSTRUCTIONS.includes(ins) ? `(${data.length} bytes, not shown)` : writeHex(data)
}

function describeAnswer(answer: Octets, isSecret: boolean): string {
  const data = answer.subarray(0, -2)
  const shown = isSecret ? `(${data.length} bytes, not shown)` : writeHex(data)
  return `${writeHex(answer.subarray(-2))}${data.length > 0 ? `  ${shown}` : ''}`
}
