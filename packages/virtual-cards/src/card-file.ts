import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { createVirtualCard, loadVirtualCard, VIRTUAL_CARD_KINDS } from './create-virtual-card.ts'
import type { VirtualCard, VirtualCardKind, VirtualCardOptions, VirtualCardState } from './virtual-card.ts'

/** The file is not a virtual card's memory. */
export class CardFileError extends Error {
  override readonly name = 'CardFileError'
}

/**
 * A card whose memory is a file: loaded when it is there, else made new. Whatever a command changes is on the disk before
 * its answer is returned, so a try that was spent stays spent. The file holds the card's secrets and is its owner's alone.
 * Unlike other cards it throws what the system says when the file cannot be written.
 *
 * @throws CardFileError when the file holds something else, or another kind of card than the one asked for.
 */
export function openCardFile(path: string, kind: VirtualCardKind, options: VirtualCardOptions = {}): VirtualCard {
  const card = existsSync(path) ? loadVirtualCard(readState(path, kind), options) : createVirtualCard(kind, options)
  let written = existsSync(path) ? JSON.stringify(card.save()) : ''
  const write = () => {
    const memory = JSON.stringify(card.save())
    if (memory !== written) writeState(path, memory)
    written = memory
  }
  write()
  return {
    kind: card.kind,
    atr: card.atr,
    reset: () => card.reset(),
    save: () => card.save(),
    transmit(command) {
      const answer = card.transmit(command)
      write()
      return answer
    },
  }
}

/** The card in a file that is there, of whatever kind. Errors as `openCardFile`. */
export function loadVirtualCardFile(path: string, options: VirtualCardOptions = {}): VirtualCard {
  return openCardFile(path, readState(path).kind, options)
}

function readState(path: string, kind?: VirtualCardKind): VirtualCardState {
  let state: VirtualCardState
  try {
    state = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new CardFileError(`${path} is not a virtual card`, { cause })
  }
  if (!VIRTUAL_CARD_KINDS.includes(state?.kind)) throw new CardFileError(`${path} is not a virtual card`)
  if (kind !== undefined && state.kind !== kind)
    throw new CardFileError(`${path} holds a ${state.kind} card, not a ${kind} card`)
  return state
}

function writeState(path: string, memory: string): void {
  const fresh = `${path}.${process.pid}.new`
  const file = openSync(fresh, 'w', 0o600)
  try {
    writeSync(file, memory)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
}
