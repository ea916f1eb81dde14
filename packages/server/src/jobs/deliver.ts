import { setTimeout as sleep } from 'node:timers/promises'
import { Problem, type ProblemCode } from '@unlatch/contract'
import { type Attempt, beginDelivery, endDelivery } from '../operations/deliver/carry-out.ts'
import { perform, type World } from '../operations/operation.ts'
import { type Carriers, carrierOf, DeliveryError, type OpenConnection } from '../ports/delivery.ts'
import { SYSTEM } from '../records/actors.ts'
import { listDueOf } from '../records/outbox/attempts.ts'
import { type Sender, writeMessage } from './write-message.ts'

/**
 * Carries out what the outbox holds: claim, effect, confirm, each on record by itself, so that a crash at any point leaves a
 * delivery that is made again, under the same id and with the same PUC.
 */
export interface Deliveries {
  /** Ends after the attempt that is under way. */
  close(): Promise<void>
}

/** How often the outbox is looked at, and how much of it at once. */
const EVERY_MS = 1000
/** The key service gave out what it may in this hour: each look would only begin attempts that come to nothing. */
const CEILING_PAUSE_MS = 60_000
const AT_ONCE = 50
/** Attempts side by side: a mail server that hangs holds up no other. */
const SIDE_BY_SIDE = 4

/** Begins to deliver. */
export function startDeliveries(world: World, carriers: Carriers, sender: Sender): Deliveries {
  const closing = new AbortController()
  const { signal } = closing
  const run = async () => {
    while (!signal.aborted) {
      const pauseMs = await deliverDue(world, carriers, sender, signal)
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {})
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

/** One look at the outbox. Returns how long to wait before the next; 0 where more may be due. */
export async function deliverDue(
  world: World,
  carriers: Carriers,
  sender: Sender,
  signal?: AbortSignal,
): Promise<number> {
  try {
    const due = await listDueOf(world.database.reads, 'deliveries', world.clock.now(), AT_ONCE)
    const next = due.values()
    const collected = new Map<string, Attempt[]>()
    const worker = async () => {
      for (const deliveryId of next) {
        if (signal?.aborted) return
        const attempt = await perform(beginDelivery, world, { deliveryId }, SYSTEM)
        if (!attempt) continue
        const { connectionId, connection } = attempt
        if (isCollected(connection)) collected.set(connectionId, [...(collected.get(connectionId) ?? []), attempt])
        else await sendAll(world, carriers, sender, [attempt])
      }
    }
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
    for (const attempts of collected.values()) await sendAll(world, carriers, sender, attempts)
    return due.length === AT_ONCE ? 0 : EVERY_MS
  } catch (error) {
    world.log.error({ err: error }, 'deliveries: tried again in a moment')
    return error instanceof Problem && error.code === 'key-service-limit' ? CEILING_PAUSE_MS : EVERY_MS
  }
}

/** True for letters that are written together. */
const isCollected = ({ details }: OpenConnection) => details.kind === 'letter' && details.letter.isCollected

/** One attempt, or those that leave together by one connection. */
async function sendAll(world: World, carriers: Carriers, sender: Sender, attempts: readonly Attempt[]): Promise<void> {
  const end = await tryToSend(carriers, sender, attempts)
  for (const { deliveryId, number } of attempts)
    await perform(endDelivery, world, { deliveryId, number, ...end }, SYSTEM)
}

async function tryToSend(
  carriers: Carriers,
  sender: Sender,
  attempts: readonly Attempt[],
): Promise<{ problem: ProblemCode | null; detail: string; isFinal: boolean }> {
  const messages = attempts.map(({ deliveryId, person, card, puc, tellsWindowsForm }) =>
    writeMessage({ id: deliveryId, isTest: false, to: person, card, puc, tellsWindowsForm }, sender),
  )
  const [{ connection }, [message, ...others]] = [attempts[0] as Attempt, messages]
  try {
    const carrier = carrierOf(carriers, connection.details)
    if (others.length > 0) await carrier.sendTogether?.(connection, messages)
    else if (message) await carrier.send(connection, message)
    return { problem: null, detail: '', isFinal: false }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return { problem: error.code, detail: error.message, isFinal: error.isFinal }
  }
}
