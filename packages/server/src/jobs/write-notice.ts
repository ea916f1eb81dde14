import type { Language } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import type { NoticeAttempt } from '../operations/tell/carry-out.ts'
import type { TextMessage } from '../ports/delivery.ts'
import { fill, languageOf, type Sender } from './write-message.ts'

/** What a holder is told, the same at each attempt. The link's token stands behind a `#`: no server on the way sees it. */
export function writeNotice(
  { deliveryId, to, told, token }: NoticeAttempt,
  origin: string,
  sender: Sender,
): TextMessage {
  const { organisation, helpDeskPhone } = sender
  const language = languageOf(to, sender)
  const words = MESSAGES[language].notices
  const values = {
    name: to.name,
    card: told.cardLabel,
    serial: told.printedSerial,
    operator: told.operatorName || words.mail.noOperator,
    organisation: organisation || MESSAGES[language].mails.puc.unknownOrganisation,
    words: told.words,
    time: writeTime(told.at, language),
    released: writeTime(told.releasedAt ?? told.at, language),
    state: words.states[told.cardState as keyof typeof words.states] ?? told.cardState ?? '',
    help: helpDeskPhone === '' ? words.mail.helpWithoutPhone : fill(words.mail.help, { phone: helpDeskPhone }),
    link: `${origin}/not-me#${token}`,
  }
  const happened = fill(words.mail.happened[keyOf(told)], values)
  const unsolicited = token === undefined ? words.mail.withoutLink : words.mail.withLink
  const text = fill(words.mail.text, { ...values, happened, unsolicited: fill(unsolicited, values) })
  return {
    id: deliveryId,
    to: { name: to.name, email: to.address, phone: to.address },
    organisation,
    subject: fill(words.mail.subject[told.kind], values),
    text,
  }
}

/** What happened, and by which procedure where that matters. */
function keyOf({ kind, procedure, releasedAt, operatorName }: NoticeAttempt['told']) {
  if (kind === 'passkey-added' && operatorName === '') return 'passkey-added-by-holder'
  if (procedure === 'self-service') return kind === 'pin-unblocked' ? 'self-service-done' : 'self-service-released'
  if (kind === 'cryptogram-released') return procedure === 'connected' ? 'unblock-authorised' : 'cryptogram-released'
  if (kind === 'pin-unblocked' && releasedAt !== null)
    return procedure === 'connected' ? 'unblocked-in-a-reader' : 'unblocked-by-telephone'
  if (kind === 'pin-unblocked') return procedure === 'puc' ? 'puc-used' : 'pin-unblocked'
  return kind
}

/** `26 November 2026, 09:14 UTC`: the zone is named, since nobody knows where it is read. */
const writeTime = (at: string, language: Language): string => {
  const style = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const
  return `${new Intl.DateTimeFormat(LOCALES[language], style).format(new Date(at))} UTC`
}

/** Of a language spoken in many places, the one that writes the day first. */
const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de' }
