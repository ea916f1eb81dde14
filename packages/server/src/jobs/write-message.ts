import { groupCode } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Message } from '../ports/delivery.ts'

/** What is said in every message. */
export interface Sender {
  readonly organisation: string
  readonly helpDeskPhone: string
}

/** The message that brings a PUC to its holder; a test says that it is one. */
export function writeMessage(
  about: Pick<Message, 'id' | 'isTest' | 'to' | 'card' | 'puc'> & { readonly tellsWindowsForm: boolean },
  { organisation, helpDeskPhone }: Sender,
): Message {
  const words = MESSAGES.en.mails.puc
  const { id, isTest, to, card, puc, tellsWindowsForm } = about
  const windowsForm = tellsWindowsForm ? writeWindowsForm(puc) : null
  const help = helpDeskPhone === '' ? words.helpWithoutPhone : fill(words.help, { phone: helpDeskPhone })
  const text = fill(words.text, {
    name: to.name,
    card: card.label,
    serial: card.printedSerial,
    puc: groupCode(puc, 'puc').join(' '),
    windows: windowsForm === null ? '' : `\n${fill(words.windows, { form: windowsForm })}\n`,
    organisation: organisation || words.unknownOrganisation,
    help,
  })
  return {
    ...{ id, isTest, to, card, puc, windowsForm },
    organisation,
    helpDeskPhone,
    subject: isTest ? `${words.subject} (${words.test})` : words.subject,
    text: isTest ? `${words.test}\n\n${text}` : text,
  }
}

/**
 * A PUC as the unblock screen of Windows takes it where the minidriver has no challenge of its own: that field reads
 * hexadecimal, so each digit is typed as the octet that it is on the card. Typed without blanks. Not tried on Windows.
 *
 * @see [OpenSC minidriver]
 */
const writeWindowsForm = (puc: string) => puc.replace(/./g, '3$&')

/** Puts values where a text names them. */
export const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '')
