import { ascii, concat, type Octets, readHex } from '@unlatch/card'
import { writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto } from '@unlatch/card/node-crypto'
import type { VirtualCard } from '../virtual-card.ts'
import { runCommand } from './run-command.ts'

/** What a GIDS card is given at issuance. */
export interface GidsPersonalisation {
  /** 16 bytes. */
  readonly cardId: Uint8Array
  /** Three-key 3DES, 24 bytes. */
  readonly adminKey: Uint8Array
  /** 4 to 16 characters. */
  readonly pin: string
}

/** Files with their access conditions, write and read: 00 always, 10 cardholder, 20 administrator, FF never. */
const FILES = ['A0003000', 'A0103000', 'A01130FF', 'A0122000', 'A0133030', 'A0142020']
const ADMIN_KEY_FILE = '621A8201188302B0808C04870020FFA50BA4098001028301809501C0'

/** Entries of the file table: directory, file name, data object, file. The first one is the directory itself. */
const TABLE = [
  ['mscp', '', 0, 0xa000],
  ['', 'cardid', 0xdf20, 0xa012],
  ['', 'cardapps', 0xdf21, 0xa010],
  ['', 'cardcf', 0xdf22, 0xa010],
  ['mscp', 'cmapfile', 0xdf23, 0xa010],
] as const

/**
 * Initialises a GIDS card that comes from the factory, and makes it operational.
 *
 * @throws CardError when the card refuses, as it does once it is operational.
 */
export function personaliseGids(card: VirtualCard, { cardId, adminKey, pin }: GidsPersonalisation): void {
  const run = (name: string, ins: number, p1: number, p2: number, data?: Octets) =>
    runCommand(card, name, { cla: 0, ins, p1, p2, ...(data && { data }) })
  const putObject = (file: number, tag: number, ...value: Uint8Array[]) =>
    run('PUT DATA', 0xdb, file >> 8, file & 0xff, writeTlv(tag, ...value))

  run('SELECT', 0xa4, 0x04, 0x0c, readHex('A00000039742544659'))
  run('CHANGE REFERENCE DATA', 0x24, 0x01, 0x80, ascii(pin))
  for (const file of FILES) {
    const [identifier, access] = [readHex(file.slice(0, 4)), readHex(`03${file.slice(4)}`)]
    const parts = [writeTlv(0x82, readHex('39')), writeTlv(0x83, identifier), writeTlv(0x8c, access)]
    run('CREATE FILE', 0xe0, 0, 0, writeTlv(0x62, ...parts))
    run('ACTIVATE FILE', 0x44, 0, 0)
  }
  run('CREATE FILE', 0xe0, 0, 0, readHex(ADMIN_KEY_FILE))
  run('ACTIVATE FILE', 0x44, 0, 0)
  const checkValue = nodeCrypto.encryptBlocks('3des', adminKey, new Uint8Array(8)).subarray(0, 3)
  const key = writeTlv(0xa5, writeTlv(0x87, adminKey), writeTlv(0x88, checkValue))
  run('PUT DATA', 0xdb, 0x3f, 0xff, writeTlv(0x70, writeTlv(0x84, readHex('80')), key))
  putObject(0xa000, 0xdf1f, Uint8Array.of(1), ...TABLE.map(writeTableEntry))
  putObject(0xa010, 0xdf21, writeText('mscp', 8))
  putObject(0xa010, 0xdf22, new Uint8Array(6))
  putObject(0xa010, 0xdf23)
  putObject(0xa012, 0xdf20, cardId)
  run('SELECT', 0xa4, 0x00, 0x0c, readHex('3FFF'))
  run('ACTIVATE FILE', 0x44, 0, 0)
}

const writeText = (text: string, length: number) => concat(ascii(text), new Uint8Array(length - text.length))

const writeLittle = (value: number) => Uint8Array.of(value & 0xff, value >> 8, 0, 0)

type TableEntry = (typeof TABLE)[number]

function writeTableEntry([directory, name, object, file]: TableEntry): Octets {
  return concat(writeText(directory, 9), writeText(name, 11), writeLittle(object), writeLittle(file))
}
