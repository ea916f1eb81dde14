import * as z from 'zod/mini'
import type { OpenConnection } from '../../ports/delivery.ts'
import { type Alert, endAlert, takeDueAlert } from '../../records/alerts/alerts.ts'
import type { Connection } from '../../records/connections/connections.ts'
import { findMessageConnection } from '../../records/desk/desk-settings.ts'
import { operation, type Ran } from '../operation.ts'

/** An alarm that is to leave; without a connection it is tried again later. */
export interface AlertAttempt {
  readonly alert: Alert
  readonly connection: OpenConnection | null
}

/** Takes an alarm that is due; null where none is. */
export const beginAlert = operation({
  name: 'alert.begin',
  permission: 'delivery:carry-out',
  input: z.object({}),
  subject: () => 'alert',
  async run({ tx, now }): Promise<Ran<{ alert: Alert; connection: Connection | undefined }, AlertAttempt | null>> {
    const alert = await takeDueAlert(tx, now)
    if (!alert) return { result: null, event: { what: 'nothing-due' } }
    const connection = await findMessageConnection(tx, 'mail')
    return { claim: { alert, connection }, event: { alertId: alert.id, kind: alert.kind, number: alert.attempts } }
  },
  async release({ keys }, { alert, connection }): Promise<AlertAttempt | null> {
    if (!connection) return { alert, connection: null }
    const { id, details, sealedSecret } = connection
    const secret = sealedSecret === null ? null : await keys.useConnectionSecret(id, sealedSecret)
    return { alert, connection: { details, secret } }
  },
})

/** How it ended. */
export const endAlertAttempt = operation({
  name: 'alert.end',
  permission: 'delivery:carry-out',
  input: z.object({ alertId: z.string(), problem: z.nullable(z.string()) }),
  subject: ({ alertId }) => `alert:${alertId}`,
  async run({ tx, now }, { alertId, problem }) {
    const alert = await tx
      .selectFrom('alerts')
      .selectAll()
      .where('id', '=', alertId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    if (alert.delivered_at === null) await endAlert(tx, alert, problem, now)
    return { result: {}, event: { alertId, kind: alert.kind, problem } }
  },
})
