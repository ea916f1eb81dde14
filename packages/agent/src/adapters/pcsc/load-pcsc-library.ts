import type { KoffiFunc, TypeObject } from 'koffi'
import { ReaderError } from '../../tasks/ports.ts'
import { type PcscCard, PcscFailure, type PcscHandle, type PcscLibrary, type PcscReaderState } from './pcsc-library.ts'
import { isWithoutReaders, SCARD_S_SUCCESS } from './pcsc-status.ts'

/**
 * PC/SC of the operating system, through koffi. Nothing of it is loaded before this function is called: on a computer
 * without PC/SC the library is not there.
 *
 * The types differ: DWORD and LONG are 8 octets in pcsc-lite on Linux and 4 elsewhere; handles are pointer-wide on Windows;
 * macOS packs the reader state; Windows has names in UTF-16.
 */

// [winscard.h]
const SCARD_SCOPE_SYSTEM = 2
const SCARD_SHARE_SHARED = 2
const SCARD_PROTOCOL_ANY = 3
const SCARD_LEAVE_CARD = 0
const SCARD_RESET_CARD = 1

/** Extended APDUs: 65 536 octets of data, status word, and some room. */
const LONGEST_ANSWER = 65_550
/** Room for an ATR, as the headers reserve it. */
const ATR_ROOM = 33

interface System {
  readonly library: string
  readonly dword: string
  readonly long: string
  readonly context: string
  readonly handle: string
  readonly atrRoom: number
  readonly isPacked: boolean
  /** Suffix of the functions that take names. */
  readonly wide: '' | 'W'
}

const LINUX: System = {
  library: 'libpcsclite.so.1',
  dword: 'ulong',
  long: 'long',
  context: 'long',
  handle: 'long',
  atrRoom: ATR_ROOM,
  isPacked: false,
  wide: '',
}

const SYSTEMS: Partial<Record<NodeJS.Platform, System>> = {
  linux: LINUX,
  darwin: {
    ...LINUX,
    library: '/System/Library/Frameworks/PCSC.framework/PCSC',
    dword: 'uint32',
    long: 'int32',
    context: 'int32',
    handle: 'int32',
    isPacked: true,
  },
  win32: {
    ...LINUX,
    library: 'winscard.dll',
    dword: 'uint32',
    long: 'int32',
    context: 'uintptr_t',
    handle: 'uintptr_t',
    atrRoom: 36,
    wide: 'W',
  },
}

type Koffi = typeof import('koffi').default
type ArgumentType = string | TypeObject | ReturnType<Koffi['out']>
type Call = KoffiFunc<(...args: unknown[]) => number | bigint>

/** A reader state as the library has it. */
interface RawState {
  szReader: string
  pvUserData: null
  dwCurrentState: number
  dwEventState: number
  cbAtr: number
  rgbAtr: number[]
}

/**
 * @throws ReaderError `no-service` where the library is not there.
 */
export async function loadPcscLibrary(platform: NodeJS.Platform = process.platform): Promise<PcscLibrary> {
  const system = SYSTEMS[platform]
  if (!system) throw new ReaderError('no-service')
  try {
    return bind((await import('koffi')).default, system)
  } catch (cause) {
    throw new ReaderError('no-service', { cause })
  }
}

function bind(koffi: Koffi, system: System): PcscLibrary {
  const library = koffi.load(system.library)
  const text = system.wide ? 'str16' : 'str'
  const { dword, context: contextType, handle: handleType } = system
  const pointerTo = (type: string | TypeObject) => koffi.pointer(type)
  const out = (type: string) => koffi.out(pointerTo(type))
  const inout = (type: string | TypeObject) => koffi.inout(pointerTo(type))
  const octets = pointerTo('uint8')
  const request = koffi.struct({ dwProtocol: dword, cbPciLength: dword })
  const members = {
    szReader: text,
    pvUserData: 'void *',
    dwCurrentState: dword,
    dwEventState: dword,
    cbAtr: dword,
    rgbAtr: koffi.array('uint8', system.atrRoom, 'Array'),
  }
  const readerState = system.isPacked ? koffi.pack(members) : koffi.struct(members)

  const declare = (name: string, ...args: readonly ArgumentType[]): Call =>
    library.func('__stdcall', name, system.long, [...args]) as Call
  const named = (name: string) => `${name}${system.wide}`
  const calls = {
    establish: declare('SCardEstablishContext', dword, 'void *', 'void *', out(contextType)),
    release: declare('SCardReleaseContext', contextType),
    list: declare(named('SCardListReaders'), contextType, 'void *', octets, inout(dword)),
    change: declare(named('SCardGetStatusChange'), contextType, dword, inout(readerState), dword),
    cancel: declare('SCardCancel', contextType),
    connect: declare(named('SCardConnect'), contextType, text, dword, dword, out(handleType), out(dword)),
    reconnect: declare('SCardReconnect', handleType, dword, dword, dword, out(dword)),
    disconnect: declare('SCardDisconnect', handleType, dword),
    begin: declare('SCardBeginTransaction', handleType),
    status: declare(
      named('SCardStatus'),
      handleType,
      octets,
      inout(dword),
      out(dword),
      out(dword),
      octets,
      inout(dword),
    ),
    transmit: declare('SCardTransmit', handleType, pointerTo(request), octets, dword, 'void *', octets, inout(dword)),
  }

  const disposition = (how: 'leave' | 'reset') => (how === 'reset' ? SCARD_RESET_CARD : SCARD_LEAVE_CARD)
  return {
    establishContext() {
      const context: [PcscHandle | null] = [null]
      check('SCardEstablishContext', calls.establish(SCARD_SCOPE_SYSTEM, null, null, context))
      return context[0] as PcscHandle
    },
    releaseContext(context) {
      calls.release(context)
    },
    listReaders(context) {
      const unit = system.wide ? 2 : 1
      const length = [0]
      const sized = unsigned(calls.list(context, null, null, length))
      if (isWithoutReaders(sized)) return []
      check('SCardListReaders', sized)
      const names = Buffer.alloc(Number(length[0]) * unit)
      const listed = unsigned(calls.list(context, null, names, length))
      if (isWithoutReaders(listed)) return []
      check('SCardListReaders', listed)
      const found = names.subarray(0, Number(length[0]) * unit).toString(system.wide ? 'utf16le' : 'utf8')
      return found.split('\0').filter((name) => name !== '')
    },
    async getStatusChange(context, timeoutMs, known) {
      const states = known.map(({ name, state }) => writeState(name, state, system.atrRoom))
      await run('SCardGetStatusChange', calls.change, context, timeoutMs, states, states.length)
      return states.map(readState)
    },
    cancel(context) {
      calls.cancel(context)
    },
    async connect(context, reader) {
      const handle: [PcscHandle | null] = [null]
      const protocol = [0]
      const args = [context, reader, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, handle, protocol]
      await run('SCardConnect', calls.connect, ...args)
      return { handle: handle[0] as PcscHandle, protocol: Number(protocol[0]) }
    },
    async reconnect({ handle }) {
      const protocol = [0]
      const args = [handle, SCARD_SHARE_SHARED, SCARD_PROTOCOL_ANY, SCARD_RESET_CARD, protocol]
      await run('SCardReconnect', calls.reconnect, ...args)
      return { handle, protocol: Number(protocol[0]) }
    },
    disconnect: ({ handle }, how) => run('SCardDisconnect', calls.disconnect, handle, disposition(how)),
    beginTransaction: ({ handle }) => run('SCardBeginTransaction', calls.begin, handle),
    status: ({ handle }) =>
      run('SCardStatus', calls.status, handle, null, [0], [0], [0], new Uint8Array(ATR_ROOM), [ATR_ROOM]),
    async transmit({ handle, protocol }: PcscCard, command: Uint8Array) {
      const answer = new Uint8Array(LONGEST_ANSWER)
      const length = [answer.length]
      const header = { dwProtocol: protocol, cbPciLength: koffi.sizeof(request) }
      await run('SCardTransmit', calls.transmit, handle, header, command, command.length, null, answer, length)
      return answer.slice(0, Number(length[0]))
    },
  }
}

/** LONG is signed; the codes are printed unsigned everywhere. */
const unsigned = (status: number | bigint) => Number(BigInt.asUintN(32, BigInt(status)))

function check(name: string, status: number | bigint): void {
  if (unsigned(status) !== SCARD_S_SUCCESS) throw new PcscFailure(name, unsigned(status))
}

/** Runs a call on a worker thread, so that waiting for a card or a person stops nobody else. */
function run(name: string, call: Call, ...args: unknown[]): Promise<void> {
  return new Promise((resolve, reject) => {
    call.async(...args, (error: unknown, status: number | bigint) => {
      try {
        if (error) throw error
        check(name, status)
        resolve()
      } catch (failure) {
        reject(failure)
      }
    })
  })
}

function writeState(name: string, state: number, atrRoom: number): RawState {
  return {
    szReader: name,
    pvUserData: null,
    dwCurrentState: state,
    dwEventState: 0,
    cbAtr: 0,
    rgbAtr: new Array<number>(atrRoom).fill(0),
  }
}

function readState({ szReader, dwEventState, cbAtr, rgbAtr }: RawState): PcscReaderState {
  return { name: szReader, state: Number(dwEventState), atr: Uint8Array.from(rgbAtr.slice(0, Number(cbAtr))) }
}
