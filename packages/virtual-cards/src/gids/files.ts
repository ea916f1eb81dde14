import { type Octets, readHex, writeHex } from '@unlatch/card'
import { type CommandApdu, readAll, readSequence, TlvCursor, writeTlv } from '@unlatch/card/iso7816'
import { demand, Refusal, SW } from '../status-words.ts'
import { APPLICATION_FILE, type GidsContext } from './gids-session.ts'
import type { GidsFile } from './gids-state.ts'
import { getPin } from './pin-commands.ts'

/**
 * Files and their data objects. Until the application is activated everything may be written; from then on each file's
 * access rule holds. [7816-4, 5.4.3.1 and 7.4; 7816-9]
 */

const TAG_LIST = 0x5c
const TAG_FILE = 0x62
const TAG_DESCRIPTOR = 0x82
const TAG_IDENTIFIER = 0x83
const TAG_ACCESS = 0x8c
/** File descriptor byte of a file that holds keys. */
const DESCRIPTOR_KEY = 0x18
const ADMIN_KEY_FILE = 'B080'
/** Access modes of a data file: write, then read. */
const MODE_WRITE_READ = 0x03
/** Access modes of the admin key's file: use, then write, then read. */
const MODE_KEY = 0x87

const TAG_KEY_TEMPLATE = 0x70
const TAG_KEY_REFERENCE = 0x84
const TAG_KEY_OBJECT = 0xa5
const TAG_KEY_VALUE = 0x87
const TAG_KEY_CHECK = 0x88
const KEY_ADMIN = 0x80
const ADMIN_KEY_LENGTH = 24

/** Status of the PIN: tries left under 97, the limit under 93. */
const TAG_PIN_STATUS = [0x7f71, 0x7f72]
const CAPACITY = 8192

const NEVER = 0xff
const ALL_OF = 0x80
const SECURE_MESSAGING = 0x40
const ADMINISTRATOR = 0x20
const CARDHOLDER = 0x10

const NOTHING: Octets = new Uint8Array(0)

/** SELECT by file identifier, without an answer; other ways of SELECT are refused (`6A86`). */
export function selectFile({ state, session }: GidsContext, command: CommandApdu): Octets {
  demand(command.p1 === 0, SW.wrongParameters)
  const identifier = writeHex(command.data ?? NOTHING)
  demand(identifier === APPLICATION_FILE || state.files[identifier] !== undefined, SW.notFound)
  session.currentFile = identifier
  return NOTHING
}

/** ACTIVATE FILE: of the application, it ends initialisation for good. */
export function activateFile({ state, session }: GidsContext, command: CommandApdu): Octets {
  demand(command.p1 === 0 && command.p2 === 0, SW.wrongParameters)
  if (session.currentFile === APPLICATION_FILE) {
    demand(state.pin !== undefined && state.adminKeyHex !== undefined, SW.conditionsNotSatisfied)
    state.isOperational = true
  }
  return NOTHING
}

/** CREATE FILE: a file of data objects with its access rule, or the admin key's. In operation for the administrator only. */
export function createFile({ state, session }: GidsContext, command: CommandApdu): Octets {
  demand(command.p1 === 0 && command.p2 === 0, SW.wrongParameters)
  demand(!state.isOperational || session.isAdministrator, SW.securityStatus)
  const parameters = readAll(command.data ?? NOTHING, (cursor) => cursor.read(TAG_FILE))
  const cursor = new TlvCursor(parameters)
  const descriptor = cursor.read(TAG_DESCRIPTOR, 1)[0]
  const identifier = writeHex(cursor.read(TAG_IDENTIFIER, 2))
  const [mode, ...conditions] = cursor.read(TAG_ACCESS)
  if (descriptor === DESCRIPTOR_KEY) {
    demand(identifier === ADMIN_KEY_FILE && mode === MODE_KEY && conditions.length === 3, SW.functionNotSupported)
    demand(state.adminKeyWrite === undefined, SW.invalidData)
    state.adminKeyWrite = conditions[1] as number
  } else {
    demand(mode === MODE_WRITE_READ && conditions.length === 2, SW.functionNotSupported)
    demand(state.files[identifier] === undefined, SW.invalidData)
    const [write, read] = conditions as [number, number]
    state.files[identifier] = { write, read, objects: {} }
  }
  session.currentFile = descriptor === DESCRIPTOR_KEY ? ADMIN_KEY_FILE : identifier
  return NOTHING
}

/** GET DATA of a file's data object (`6A88` when absent), or the status of the PIN from the application itself. */
export function getDataObject(context: GidsContext, command: CommandApdu): Octets {
  const identifier = writeHex(Uint8Array.of(command.p1, command.p2))
  const tagOctets = readAll(command.data ?? NOTHING, (cursor) => cursor.read(TAG_LIST))
  if (identifier === APPLICATION_FILE) return getStatus(context, tagOctets)
  const file = getFile(context, identifier)
  demand(mayAccess(context, file.read), SW.securityStatus)
  const tag = writeHex(tagOctets)
  const value = file.objects[tag]
  if (value === undefined) throw new Refusal(SW.referenceNotFound)
  return writeTlv(Number.parseInt(tag, 16), readHex(value))
}

function getStatus(context: GidsContext, tagOctets: Octets): Octets {
  demand(tagOctets.length === 2, SW.invalidData)
  const tag = Number.parseInt(writeHex(tagOctets), 16)
  demand(TAG_PIN_STATUS.includes(tag), SW.referenceNotFound)
  const { left, limit } = getPin(context)
  return writeTlv(tag, writeTlv(0x97, Uint8Array.of(left)), writeTlv(0x93, Uint8Array.of(limit)))
}

/** PUT DATA of a file's data object, or of the admin key. */
export function putDataObject(context: GidsContext, command: CommandApdu): Octets {
  const identifier = writeHex(Uint8Array.of(command.p1, command.p2))
  const [object, ...more] = readSequence(command.data ?? NOTHING)
  demand(object !== undefined && more.length === 0, SW.invalidData)
  if (identifier === APPLICATION_FILE) return putAdminKey(context, object)
  const file = getFile(context, identifier)
  demand(mayAccess(context, file.write), SW.securityStatus)
  demand(object.value.length <= CAPACITY, SW.memoryFull)
  file.objects[object.tag.toString(16).toUpperCase().padStart(2, '0')] = writeHex(object.value)
  return NOTHING
}

/** The key check value is not compared: clients send that of another key, and cards take it. */
function putAdminKey(context: GidsContext, { tag, value }: { tag: number; value: Octets }): Octets {
  const { state } = context
  demand(tag === TAG_KEY_TEMPLATE, SW.invalidData)
  if (state.adminKeyWrite === undefined) throw new Refusal(SW.notFound)
  demand(mayAccess(context, state.adminKeyWrite), SW.securityStatus)
  const key = readAll(value, (cursor) => {
    const reference = cursor.read(TAG_KEY_REFERENCE, 1)
    demand(reference[0] === KEY_ADMIN, SW.referenceNotFound)
    return cursor.enter(TAG_KEY_OBJECT, (inside) => {
      const octets = inside.read(TAG_KEY_VALUE, ADMIN_KEY_LENGTH)
      inside.readIf(TAG_KEY_CHECK)
      return octets
    })
  })
  state.adminKeyHex = writeHex(key)
  return NOTHING
}

function getFile({ state }: GidsContext, identifier: string): GidsFile {
  const file = state.files[identifier]
  if (!file) throw new Refusal(SW.notFound)
  return file
}

/** Compact security condition: which authentications, any or all of them. [7816-4, 5.4.3.1] */
function mayAccess({ state, session }: GidsContext, condition: number): boolean {
  if (!state.isOperational || condition === 0) return true
  if (condition === NEVER || (condition & SECURE_MESSAGING) !== 0) return false
  const met = []
  if ((condition & ADMINISTRATOR) !== 0) met.push(session.isAdministrator)
  if ((condition & CARDHOLDER) !== 0) met.push(session.isPinVerified)
  return (condition & ALL_OF) !== 0 ? met.every(Boolean) : met.some(Boolean)
}
