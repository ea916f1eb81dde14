import { type lookAtCard, openTerminal } from '@unlatch/agent'
import { writeHex } from '@unlatch/card'
import { CurrentSecrets, MANAGEMENT_KEY_CIPHERS, Problem } from '@unlatch/contract'
import { readFd } from './read-fd.ts'

/** What a card of another system has now: typed without an echo, or read from a file descriptor, a line each. Never an argument. */
export async function askCurrentSecrets(
  family: Awaited<ReturnType<typeof lookAtCard>>['family'],
  fd: string | undefined,
): Promise<CurrentSecrets> {
  const terminal = openTerminal(readFd('--current-keys-fd', fd))
  const ask = async <T>(prompt: string, read: (typed: Uint8Array) => T): Promise<T | undefined> => {
    const typed = await terminal.ask(prompt, true)
    try {
      return typed.length === 0 ? undefined : read(typed)
    } finally {
      typed.fill(0)
    }
  }
  try {
    if (family === 'gids') {
      return expectSecrets({ adminKey: await ask('Current admin key in hexadecimal: ', readKey) })
    }
    const puk = await ask("Current PUK (empty: the factory's): ", padPuk)
    const managementKey = await ask("Current key 9B as CIPHER:HEX (empty: the factory's): ", readManagementKey)
    return expectSecrets({ puk, managementKey })
  } finally {
    terminal.close()
  }
}

/** A PUK in the eight octets that the card compares: shorter ones are filled up with FF. [SP 800-73-5 pt 2, 2.4.3] */
function padPuk(typed: Uint8Array): string {
  if (typed.length > 8) throw new Problem('wrong-usage', { detail: 'a PUK has at most eight characters' })
  return writeHex(Uint8Array.of(...typed, ...new Uint8Array(8 - typed.length).fill(0xff)))
}

const readKey = (typed: Uint8Array) => Buffer.from(typed).toString('latin1').replace(/\s/g, '').toUpperCase()

function readManagementKey(typed: Uint8Array): { cipher: string; key: string } {
  const [cipher = '', key = ''] = readKey(typed).split(':')
  return { cipher: cipher.toLowerCase(), key }
}

/** What was typed is not repeated: it is a secret, whatever is wrong with it. */
function expectSecrets(typed: object): CurrentSecrets {
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined))
  const { success, data } = CurrentSecrets.safeParse(given)
  if (success && Object.keys(given).length > 0) return data
  const detail = `a key is CIPHER:HEX in full length, with ${MANAGEMENT_KEY_CIPHERS.join(', ')}; an admin key is 24 octets in hexadecimal`
  throw new Problem('wrong-usage', { detail })
}
