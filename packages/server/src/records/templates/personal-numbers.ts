import { createHmac, randomBytes } from 'node:crypto'
import { findRuns } from '@unlatch/contract'
import type { Db } from '../../db/open.ts'
import type { Card } from '../cards/cards.ts'
import { getPerson } from '../people/people.ts'

/**
 * Numbers about a card's holder that his PIN must not hold: telephone, mail address, user name, what is printed on the card.
 * Each run of digits is hashed under a salt of this answer, so that an agent compares and does not read.
 *
 * @param length - of a run, in digits.
 * @returns salt of 16 bytes and hashes of 32, in hexadecimal.
 */
export async function readPersonalNumbers(
  db: Db,
  card: Pick<Card, 'person_id' | 'is_unheld' | 'printed_serial' | 'hardware_number'>,
  length: number,
): Promise<{ saltHex: string; hashes: string[] }> {
  const person = card.is_unheld === 1 ? undefined : await getPerson(db, card.person_id)
  const told = [person?.user_name, person?.email, card.printed_serial, card.hardware_number]
  const numbers = [...told.map((text) => digitsOf(text ?? '')), ...waysToDial(person?.phone ?? '')]
  const runs = new Set(numbers.flatMap((number) => findRuns(number, length)))
  const salt = randomBytes(16)
  const hash = (run: string) => createHmac('sha256', salt).update(run).digest('hex').toUpperCase()
  return { saltHex: salt.toString('hex').toUpperCase(), hashes: [...runs].map(hash).sort() }
}

const digitsOf = (text: string) => text.replace(/\D/g, '')

/** A number as it is dialled abroad, and at home: a country's code has one to three digits. [E.164, 6.2.1] */
function waysToDial(phone: string): string[] {
  const digits = digitsOf(phone)
  return phone.trim().startsWith('+') ? [digits, ...[1, 2, 3].map((code) => `0${digits.slice(code)}`)] : [digits]
}
