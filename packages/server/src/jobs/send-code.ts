import { groupCode, Problem, type WayBegun } from '@unlatch/contract'
import { MESSAGES } from '@unlatch/contract/messages'
import { perform, type World } from '../operations/operation.ts'
import { beginWay, noteUnsent, type Outgoing } from '../operations/verify/begin-way.ts'
import { type Carriers, DeliveryError, sendText, type TextMessage } from '../ports/delivery.ts'
import type { Actor } from '../records/actors.ts'
import { fill, languageOf, type Sender } from './write-message.ts'

/**
 * Begins a way by which a caller proves who he is: what is to be said back leaves at once, while the operator waits, and is kept
 * nowhere.
 *
 * @throws Problem `delivery-…`, with what the other side said; the way has failed then, and another can be begun.
 */
export async function sendCode(
  world: World,
  carriers: Carriers,
  sender: Sender,
  input: object,
  actor: Actor,
): Promise<WayBegun> {
  const { wayId, outgoing, readOut } = await perform(beginWay, world, input, actor)
  if (outgoing) {
    try {
      await sendText(carriers, outgoing.connection, writeCode(wayId, outgoing, world.settings.origin, sender))
    } catch (cause) {
      if (!(cause instanceof DeliveryError)) throw cause
      const { verificationId } = input as { verificationId: string }
      await perform(noteUnsent, world, { verificationId, wayId, problem: cause.code }, actor)
      throw new Problem(cause.code, { detail: cause.message, facts: { said: cause.message }, cause })
    }
  }
  return { id: wayId, readOut: readOut && groupCode(readOut, 'proof-code').join(' ') }
}

function writeCode(
  id: string,
  { kind, to, code, personName, cardLabel, operatorName }: Outgoing,
  origin: string,
  sender: Sender,
): TextMessage {
  const { organisation, helpDeskPhone } = sender
  const { [kind]: words, help: call, helpWithoutPhone } = MESSAGES[languageOf(to, sender)].mails
  const help = helpDeskPhone === '' ? helpWithoutPhone : fill(call, { phone: helpDeskPhone })
  const values = {
    name: to.name,
    person: personName,
    card: cardLabel,
    operator: operatorName,
    code: kind === 'code' ? groupCode(code, 'caller-code').join(' ') : code,
    link: `${origin}/approvals`,
    help,
  }
  return {
    id,
    to: { name: to.name, email: to.address, phone: to.address },
    organisation,
    subject: fill(words.subject, values),
    text: fill(words.text, values),
  }
}
