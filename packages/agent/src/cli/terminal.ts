import { createReadStream, fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import { isatty, ReadStream } from 'node:tty'
import { Problem } from '@unlatch/contract'

/**
 * Manners at the terminal: prompts go to the error channel and only when a person is there; a PIN is never an argument; what
 * is typed comes as octets, so that it can be overwritten.
 */
export interface Terminal {
  /** Says something to the person. */
  tell(text: string): void
  /** Asks for a line; `isHidden` shows nothing while it is typed. */
  ask(prompt: string, isHidden: boolean): Promise<Uint8Array>
  close(): void
}

const ENTER = [0x0a, 0x0d]
const INTERRUPT = 0x03
const BACKSPACE = [0x08, 0x7f]
const LONGEST_LINE = 200

/**
 * The terminal of this process: asks a person, or (not a terminal) reads one line for each question.
 *
 * @param fd - another file descriptor to read the answers from.
 */
export function openTerminal(fd?: number): Terminal {
  const input = fd === undefined ? process.stdin : openInput(fd)
  const isPerson = fd === undefined && process.stdin.isTTY === true
  const octets = new Octets(input)
  return {
    tell: (text) => void process.stderr.write(`${text}\n`),
    async ask(prompt, isHidden) {
      // Before the prompt, and until the end: the terminal itself would show what is typed quickly or ahead, a PIN too.
      if (isPerson) process.stdin.setRawMode(true)
      if (isPerson) process.stderr.write(prompt)
      try {
        return await readLine(octets, isPerson && !isHidden)
      } finally {
        if (isPerson) process.stderr.write('\n')
      }
    },
    close() {
      if (isPerson) process.stdin.setRawMode(false)
      input.destroy()
    },
  }
}

/** A pipe is read without a thread: one that waits there for a writer that says nothing more would keep the process. */
function openInput(fd: number) {
  const stat = fstatSync(fd)
  if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd, readable: true, writable: false })
  return isatty(fd) ? new ReadStream(fd) : createReadStream('', { fd, autoClose: false })
}

async function readLine(octets: Octets, isShown: boolean): Promise<Uint8Array> {
  const line = new Uint8Array(LONGEST_LINE)
  let length = 0
  for (;;) {
    const octet = await octets.next()
    if (octet === INTERRUPT) throw new Problem('attempt-ended', { detail: 'interrupted' })
    if (octet === undefined && length === 0) throw new Problem('wrong-usage', { detail: 'nothing more to read' })
    if (octet === undefined || ENTER.includes(octet)) break
    if (BACKSPACE.includes(octet)) {
      if (length > 0 && isShown) process.stderr.write('\b \b')
      length = Math.max(length - 1, 0)
    } else if (length < LONGEST_LINE) {
      line[length++] = octet
      if (isShown) process.stderr.write(Uint8Array.of(octet))
    }
  }
  const typed = line.slice(0, length)
  line.fill(0)
  return typed
}

/** Octets of a stream, one by one. */
class Octets {
  readonly #chunks: AsyncIterator<Buffer>
  #chunk: Buffer = Buffer.alloc(0)
  #offset = 0

  constructor(stream: NodeJS.ReadableStream) {
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async next(): Promise<number | undefined> {
    while (this.#offset >= this.#chunk.length) {
      this.#chunk.fill(0)
      const { done, value } = await this.#chunks.next()
      if (done) return undefined
      this.#chunk = typeof value === 'string' ? Buffer.from(value) : value
      this.#offset = 0
    }
    return this.#chunk[this.#offset++]
  }
}
