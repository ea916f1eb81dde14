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
  about: Pick<Message, 'id' | 'isTest' | 'to' | 'card' | 'puc'>,
  { organisation, helpDeskPhone }: Sender,
): Message {
  const words = MESSAGES.en.mails.puc
  const help = helpDeskPhone === '' ? words.helpWithoutPhone : fill(words.help, { phone: helpDeskPhone })
  const text = fill(words.text, {
    name: about.to.name,
    card: about.card.label,
    serial: about.card.printedSerial,
    puc: groupCode(about.puc, 'puc').join(' '),
    organisation: organisation || words.unknownOrganisation,
    help,
  })
  return {
    ...about,
    organisation,
    helpDeskPhone,
    subject: about.isTest ? `${words.subject} (${words.test})` : words.subject,
    text: about.isTest ? `${words.test}\n\n${text}` : text,
  }
}

const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '')
