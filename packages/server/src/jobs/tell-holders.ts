import { setTimeout as sleep } from 'node:timers/promises'
import type { ProblemCode } from '@unlatch/contract'
import { beginReport, endReport } from '../operations/incidents/report-suspension.ts'
import { perform, type World } from '../operations/operation.ts'
import { beginNoticeDelivery, endNoticeDelivery } from '../operations/tell/carry-out.ts'
import { planNotice } from '../operations/tell/plan-notice.ts'
import { type Carriers, DeliveryError, sendReport, sendText } from '../ports/delivery.ts'
import { SYSTEM } from '../records/actors.ts'
import { listUnplanned } from '../records/notices/views.ts'
import { listDueOf } from '../records/outbox/attempts.ts'
import type { Sender } from './write-message.ts'
import { writeNotice } from './write-notice.ts'

/**
 * Tells holders what was done with their cards, and whoever stops cards elsewhere that one was suspended: claim, effect, confirm,
 * each on record by itself. A crash at any point leaves an attempt that is made again, with the same message.
 */
export interface Telling {
  /** Ends after the attempt that is under way. */
  close(): Promise<void>
}

/** How often is looked, and at how much at once. */
const EVERY_MS = 1000
const AT_ONCE = 50
/** Attempts side by side: a mail server that hangs holds up no other. */
const SIDE_BY_SIDE = 4

/** Begins to tell. */
export function startTelling(world: World, carriers: Carriers, sender: Sender): Telling {
  const closing = new AbortController()
  const { signal } = closing
  const run = async () => {
    while (!signal.aborted) {
      const isMore = await tellDue(world, carriers, sender, signal)
      if (!isMore) await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
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

/** One look. Returns true where more may be due. */
export async function tellDue(
  world: World,
  carriers: Carriers,
  sender: Sender,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const { reads } = world.database
    const unplanned = await listUnplanned(reads, world.clock.now(), AT_ONCE)
    for (const noticeId of unplanned) {
      if (signal?.aborted) return false
      await perform(planNotice, world, { noticeId }, SYSTEM)
    }
    const notices = await listDueOf(reads, 'notice_deliveries', world.clock.now(), AT_ONCE)
    await sideBySide(notices, signal, (deliveryId) => tellOne(world, carriers, sender, deliveryId))
    const reports = await listDueOf(reads, 'incident_reports', world.clock.now(), AT_ONCE)
    await sideBySide(reports, signal, (reportId) => reportOne(world, carriers, reportId))
    return [unplanned, notices, reports].some(({ length }) => length === AT_ONCE)
  } catch (error) {
    world.log.error({ err: error }, 'notices: tried again in a moment')
    return false
  }
}

async function sideBySide(
  ids: readonly string[],
  signal: AbortSignal | undefined,
  act: (id: string) => Promise<void>,
): Promise<void> {
  const next = ids.values()
  const worker = async () => {
    for (const id of next) {
      if (signal?.aborted) return
      await act(id)
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
}

async function tellOne(world: World, carriers: Carriers, sender: Sender, deliveryId: string): Promise<void> {
  const attempt = await perform(beginNoticeDelivery, world, { deliveryId }, SYSTEM)
  if (!attempt) return
  const message = writeNotice(attempt, world.settings.origin, sender)
  const end = await attemptTo(() => sendText(carriers, attempt.connection, message))
  await perform(endNoticeDelivery, world, { deliveryId, number: attempt.number, ...end }, SYSTEM)
}

async function reportOne(world: World, carriers: Carriers, reportId: string): Promise<void> {
  const attempt = await perform(beginReport, world, { reportId }, SYSTEM)
  if (!attempt) return
  const end = await attemptTo(() => sendReport(carriers, attempt.connection, attempt.report))
  await perform(endReport, world, { reportId, number: attempt.number, ...end }, SYSTEM)
}

async function attemptTo(
  send: () => Promise<void>,
): Promise<{ problem: ProblemCode | null; detail: string; isFinal: boolean }> {
  try {
    await send()
    return { problem: null, detail: '', isFinal: false }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return { problem: error.code, detail: error.message, isFinal: error.isFinal }
  }
}
