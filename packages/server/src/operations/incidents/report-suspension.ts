import { isProblemCode } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { CardReport, OpenConnection } from '../../ports/delivery.ts'
import { getCard } from '../../records/cards/cards.ts'
import { type Connection, findConnection } from '../../records/connections/connections.ts'
import { findIncident, findReport, lockReport } from '../../records/incidents/incidents.ts'
import { beginAttemptOf, endAttemptOf, isDue } from '../../records/outbox/attempts.ts'
import { getPerson } from '../../records/people/people.ts'
import { Fault, operation, type Ran } from '../operation.ts'

/** One attempt to tell whoever stops cards elsewhere. */
export interface ReportAttempt {
  readonly reportId: string
  readonly number: number
  readonly connection: OpenConnection
  readonly report: CardReport
}

type Claim = Omit<ReportAttempt, 'connection'> & { readonly connection: Connection }

const id = () => z.string().check(z.maxLength(64))

/** Begins an attempt of a report that is due. */
export const beginReport = operation({
  name: 'incident.begin-report',
  permission: 'delivery:carry-out',
  input: z.object({ reportId: id() }),
  subject: ({ reportId }) => `incident-report:${reportId}`,
  async run({ tx, now, settings }, { reportId }): Promise<Ran<Claim, ReportAttempt | null>> {
    const found = await findReport(tx, reportId)
    const incident = found && (await findIncident(tx, found.incident_id))
    if (!incident) throw new Fault('not-found')
    const row = await lockReport(tx, reportId)
    const about = { reportId, incidentId: incident.id, cardId: incident.card_id }
    if (!isDue(row, now)) return { result: null, event: { ...about, what: 'not-due' } }
    const number = await beginAttemptOf(tx, 'incident_reports', row, now)
    const connection = await findConnection(tx, row.connection_id)
    if (!connection || connection.isRemoved) {
      const end = { problem: 'connection-unknown', detail: '', isFinal: true } as const
      await endAttemptOf(tx, 'incident_reports', { ...row, attempts: number }, end, now)
      return { result: null, event: { ...about, what: 'failed', problem: 'connection-unknown' } }
    }
    const card = await getCard(tx, incident.card_id)
    const { name, user_name: userName } = await getPerson(tx, incident.person_id)
    const report: CardReport = {
      id: reportId,
      type: 'card.suspended',
      at: incident.opened_at,
      reason: 'not-me',
      organisation: settings.organisation,
      card: {
        id: card.id,
        cardUuid: card.card_uuid,
        label: card.label,
        printedSerial: card.printed_serial,
        hardwareNumber: card.hardware_number,
      },
      holder: { name, userName },
    }
    const event = { ...about, what: 'attempt', number, connectionId: connection.id }
    return { claim: { reportId, number, connection, report }, event }
  },
  async release({ keys }, { connection, ...rest }: Claim): Promise<ReportAttempt> {
    const { id: connectionId, details, sealedSecret } = connection
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(connectionId, sealedSecret)
    return { ...rest, connection: { details, secret } }
  },
})

/** How an attempt ended. One that was given up meanwhile changes nothing. */
export const endReport = operation({
  name: 'incident.end-report',
  permission: 'delivery:carry-out',
  input: z.object({
    reportId: id(),
    number: z.number(),
    problem: z.nullable(z.string().check(z.refine(isProblemCode))),
    detail: z.string(),
    isFinal: z.boolean(),
  }),
  subject: ({ reportId }) => `incident-report:${reportId}`,
  async run({ tx, now }, { reportId, number, problem, detail, isFinal }) {
    const row = await lockReport(tx, reportId)
    const isCurrent = row.state === 'sending' && row.attempts === number
    const end = problem !== null && isProblemCode(problem) ? { problem, detail, isFinal } : { problem: null }
    const state = isCurrent ? await endAttemptOf(tx, 'incident_reports', row, end, now) : row.state
    return { result: {}, event: { reportId, incidentId: row.incident_id, number, problem, state } }
  },
})
