import PostalMime from 'postal-mime'
import { OPERATOR } from './cast.ts'
import { type ArrivedMail, type MailServer, smtpOf, startMailServer } from './mail-server.ts'
import { OperatorClient } from './operator-client.ts'

/** By what name the demo's mail connection is found again. */
const NAME = "The demo's mail server"

/** A mail as people read it. */
export interface ReadMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export async function readMail({ to, text }: ArrivedMail): Promise<ReadMail> {
  const { subject = '', text: body = '' } = await PostalMime.parse(text)
  return { to: to.join(', '), subject, text: body.trim() }
}

/**
 * Lets the help desk reach people: a mail server of the demo's own, a tested connection to it, and the desk's choice of it. What
 * was there from last time is put right, since the server has another port and certificate now.
 */
export async function openDeskMail(serverUrl: string, onMail?: (mail: ReadMail) => void): Promise<MailServer> {
  const mail = await startMailServer({ onMail: async (arrived) => onMail?.(await readMail(arrived)) })
  const operator = new OperatorClient(serverUrl)
  await operator.signIn(OPERATOR.userName, OPERATOR.password)
  await chooseDeskMail(operator, mail)
  return mail
}

/** An administrator adds the connection, tests it and chooses it. */
export async function chooseDeskMail(operator: OperatorClient, mail: MailServer): Promise<void> {
  const wish = { kind: 'smtp', name: NAME, smtp: smtpOf(mail), secret: mail.user.password } as const
  const { connections } = await operator.connections()
  const known = connections.find(({ name }) => name === NAME)
  const { id } = known ?? (await operator.addConnection(wish))
  if (known) await operator.changeConnection({ connectionId: id, ...wish })
  await operator.testConnection(id, 'administrator@example.org')
  const { revision, settings } = await operator.deskSettings()
  if (settings.mailConnectionId !== id)
    await operator.changeDesk({ revision, settings: { ...settings, mailConnectionId: id } })
}
