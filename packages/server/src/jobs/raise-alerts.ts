import { setTimeout as sleep } from 'node:timers/promises'
import { MESSAGES } from '@unlatch/contract/messages'
import { beginAlert, endAlertAttempt } from '../operations/deliver/carry-out-alert.ts'
import { perform, type World } from '../operations/operation.ts'
import { type Carriers, DeliveryError, sendText } from '../ports/delivery.ts'
import { SYSTEM } from '../records/actors.ts'
import { hasDueAlert } from '../records/alerts/views.ts'
import type { Deliveries } from './deliver.ts'
import { fill, type Sender } from './write-message.ts'

/** How often it is looked whether an alarm waits. */
const EVERY_MS = 1000

/** Sends alarms to those whom the desk names, until it is closed. */
export function startAlerts(world: World, carriers: Carriers, sender: Sender): Deliveries {
  const closing = new AbortController()
  const { signal } = closing
  const run = async () => {
    while (!signal.aborted) {
      await raiseDue(world, carriers, sender).catch((error: unknown) =>
        world.log.error({ err: error }, 'alarms: tried again in a moment'),
      )
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
    }
  }
  const running = run()
  return {
    close() {
      closing.abort()
      return running
    },
  }
}

/** Sends what is due now. */
export async function raiseDue(world: World, carriers: Carriers, { organisation, language }: Sender): Promise<void> {
  while (await hasDueAlert(world.database.reads, world.clock.now())) {
    const attempt = await perform(beginAlert, world, {}, SYSTEM)
    if (!attempt) return
    const { alert, connection } = attempt
    const { alerts } = MESSAGES[language]
    const words = alerts[alert.kind as keyof typeof alerts]
    const facts: Record<string, string> = JSON.parse(alert.facts)
    const message = {
      id: alert.id,
      to: { name: '', email: alert.recipient, phone: '' },
      organisation,
      subject: fill(words.subject, facts),
      text: fill(words.text, facts),
    }
    let problem: string | null = connection ? null : 'no-mail-connection'
    if (connection) {
      await sendText(carriers, connection, message).catch((error: unknown) => {
        if (!(error instanceof DeliveryError)) throw error
        problem = error.code
      })
    }
    await perform(endAlertAttempt, world, { alertId: alert.id, problem }, SYSTEM)
  }
}
