import { chooseLanguage, groupCode, type Language } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { Message } from '../ports/delivery.ts'

/** What is said in every message. */
export interface Sender {
  readonly organisation: string
  readonly helpDeskPhone: string
  /** Of whoever has no other. */
  readonly language: Language
}

/** The language of whoever is written to. */
export const languageOf = (to: { readonly language: string }, sender: Sender): Language =>
  chooseLanguage([to.language]) ?? sender.language

/** The message that brings a PUC to its holder; a test says that it is one. */
export function writeMessage(
  about: Pick<Message, 'id' | 'isTest' | 'card' | 'puc'> & {
    readonly to: Message['to'] & { readonly language: string }
    readonly tellsWindowsForm: boolean
  },
  sender: Sender,
): Message {
  const { organisation, helpDeskPhone } = sender
  const language = languageOf(about.to, sender)
  const words = MESSAGES[language].mails.puc
  const { id, isTest, card, puc, tellsWindowsForm } = about
  const { language: _, ...to } = about.to
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
    ...{ id, isTest, language, to, card, puc, windowsForm },
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
