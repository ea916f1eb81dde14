import { groupCode } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'

/** What goes into the mail with a PUC. */
export interface PucMail {
  readonly name: string
  readonly card: string
  readonly serial: string
  /** Eight digits. */
  readonly puc: string
  readonly organisation: string
  readonly phone: string
}

/** The mail that brings a PUC to its holder. */
export function writePucMail({ puc, organisation, phone, ...rest }: PucMail): { subject: string; text: string } {
  const words = MESSAGES.en.mails.puc
  const help = phone === '' ? words.helpWithoutPhone : fill(words.help, { phone })
  const values = {
    ...rest,
    puc: groupCode(puc, 'puc').join(' '),
    organisation: organisation || words.unknownOrganisation,
    help,
  }
  return { subject: words.subject, text: fill(words.text, values) }
}

/** The same as a test: with a PUC that nobody has, and the words that it is none. */
export function writeTestMail(organisation: string, phone: string): { subject: string; text: string } {
  const words = MESSAGES.en.mails.puc
  const mail = writePucMail({ name: words.test, card: '…', serial: '…', puc: '00000000', organisation, phone })
  return { ...mail, subject: `${mail.subject} (${words.test})` }
}

const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replace(/\{\{(\w+)\}\}/g, (_, key: string) => values[key] ?? '')
