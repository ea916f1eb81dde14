import { Problem } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import { LANGUAGE } from './language.ts'
import { tellProblem } from './tell.ts'
import type { Terminal } from './terminal.ts'

const words = MESSAGES[LANGUAGE].terminal
/** Times that a PIN or PUC may be typed wrongly before the command gives up. */
export const ENTRIES = 5

/**
 * Asks for the new PIN, twice, until the attempt takes one; and for consent before the last try.
 *
 * @param lost - rejects when the card goes away.
 */
export async function askNewPin(
  terminal: Terminal,
  attempt: { setNewPin(newPin: Uint8Array, hasConsent: boolean): Promise<{ receipt: string | null }> },
  lost: Promise<never>,
): Promise<{ receipt: string | null }> {
  let hasConsent = false
  for (let entry = 1; ; entry++) {
    const newPin = await Promise.race([lost, askTwice(terminal)])
    try {
      if (!newPin) throw new Problem('pin-mismatch')
      return await attempt.setNewPin(newPin, hasConsent)
    } catch (error) {
      if (!(error instanceof Problem) || entry === ENTRIES) throw error
      if (error.code === 'last-try') hasConsent = await askConsent(terminal, error)
      else if (!['pin-mismatch', 'pin-policy', 'pin-refused-by-card'].includes(error.code)) throw error
      tellProblem(terminal, error)
    }
  }
}

/** The new PIN, twice; undefined when the two differ. */
async function askTwice(terminal: Terminal): Promise<Uint8Array | undefined> {
  const first = await terminal.ask(words.newPin, true)
  const second = await terminal.ask(words.confirm, true)
  const isSame = first.length === second.length && first.every((octet, i) => octet === second[i])
  second.fill(0)
  if (!isSame) first.fill(0)
  return isSame ? first : undefined
}

async function askConsent(terminal: Terminal, problem: Problem): Promise<boolean> {
  const typed = new TextDecoder().decode(await terminal.ask(words.consent, false))
  if (typed.trim() !== words.consentWord) throw problem
  return true
}
