import { randomUUID } from 'node:crypto'
import { type Language, PROBLEMS, Problem, type ProblemCode } from '@unlatch/contract'
import type * as z from 'zod/mini'
import type { Database, Tx } from '../db/open.ts'
import type { Agents } from '../ports/agents.ts'
import type { CardAuthority } from '../ports/card-authority.ts'
import type { Clock } from '../ports/clock.ts'
import type { KeyService } from '../ports/key-service.ts'
import { KeyServiceError } from '../ports/key-service.ts'
import type { Passwords } from '../ports/passwords.ts'
import { type Actor, type Demand, findRefusal } from '../records/actors.ts'
import type { ConfiguredAgent } from '../records/agents/agents.ts'
import { type AuditRecord, append } from '../records/audit/append.ts'
import type { AuditEvent } from '../records/audit/audit-event.ts'
import { noteRefusal } from '../records/desk-events/desk-events.ts'
import { type Caught, noteCaught } from '../records/incidents/caught.ts'
import { readInput } from '../records/read-input.ts'
import type { SessionLimits } from '../records/sessions/sessions.ts'
import type { ReleaseLimits } from '../records/unblocks/release-limits.ts'

/**
 * The corridor: the one way in which anything changes.
 *
 * `perform` parses, checks the permission, opens the transaction, runs, appends the audit record before the commit, commits,
 * and only then calls the operation's `release()`, where it has one: so no cryptogram leaves before its record is durable.
 * A refusal or failure is recorded after the rollback. What was caught is put on the list of incidents with its record. One that leaves something behind (a miss that a limit counts) is
 * committed instead, with its record, while its transaction still holds what it looked at: a burst of wrong guesses is
 * counted one by one.
 *
 * Nothing outside the database and the in-process key service is awaited inside `run`, and nothing but the database is
 * changed: where two transactions meet, `run` may be run again from its beginning.
 */

/** What operations are given. */
export interface World {
  readonly database: Database
  readonly keys: KeyService
  readonly agents: Agents
  readonly clock: Clock
  readonly passwords: Passwords
  /** Whose certificates operators' cards must have; undefined: none is asked for. */
  readonly cardAuthority: CardAuthority | undefined
  readonly settings: Settings
  /** The database is older than the key journal: nothing that concerns a card's secrets is done before that is accepted. */
  readonly isBehindJournal: boolean
  readonly log: { error(facts: object, message: string): void }
}

/** What the configuration says to operations. */
export interface Settings extends SessionLimits, ReleaseLimits {
  /** Operators with a password alone are for the demo. */
  readonly isDemo: boolean
  readonly allowsBareForm: boolean
  /** Where the console is reached: `https://unlatch.example.org`. Passkeys are bound to it. */
  readonly origin: string
  readonly organisation: string
  /** In which people are written to who have no other. */
  readonly language: Language
  /** Agents of the configuration file. */
  readonly agents: readonly ConfiguredAgent[]
}

/** Inside a transaction. */
export interface RunContext {
  readonly tx: Tx
  readonly keys: KeyService
  readonly now: Date
  readonly settings: Settings
}

/** What `run` hands back: a result, or a claim that `release` turns into one; what the record says, and what was caught. */
export type Ran<Claim, Result> = ({ readonly result: Result } | { readonly claim: Claim }) & {
  readonly event: AuditEvent
  readonly caught?: Caught
}

/** A change, as a value. */
export interface Operation<Input, Prepared, Claim, Result> {
  readonly name: string
  /** `anybody`: for those who are not signed in; `signed-in`: for any operator, about his own account. */
  readonly permission: Demand
  readonly input: z.ZodMiniType<Input>
  /** What it is about, for a refusal too: `card:…`. */
  subject(input: Input): string
  /** Slow reading and reckoning before the transaction opens (a password hash, say). */
  prepare?(world: World, input: Input, actor: Actor): Promise<Prepared>
  run(context: RunContext, input: Input, actor: Actor, prepared: Prepared): Promise<Ran<Claim, Result>>
  /** After the commit: lets out what only a durable record permits. `recordId` is that record. */
  release?(world: World, claim: Claim, recordId: string): Promise<Result>
}

export const operation = <Input, Prepared, Claim, Result>(
  definition: Operation<Input, Prepared, Claim, Result>,
): Operation<Input, Prepared, Claim, Result> => definition

/** What lets a card's secrets out, or changes them. */
const SECRET_PERMISSIONS: ReadonlySet<string> = new Set([
  'unblock:release',
  'card:register',
  'card:contact',
  'puc:read',
  'delivery:carry-out',
])

/**
 * A refusal that leaves something behind: `survives` is written in `run`'s own transaction, with the refusal's record. So it
 * is thrown while deciding, before anything else is written.
 */
export class Fault extends Problem {
  override readonly name = 'Fault'
  readonly survives: ((tx: Tx) => Promise<void>) | undefined
  /** Something that must never happen: somebody looks into it. */
  readonly caught: Caught | undefined

  constructor(
    code: ProblemCode,
    options: {
      detail?: string
      facts?: Record<string, unknown>
      cause?: unknown
      survives?: (tx: Tx) => Promise<void>
      caught?: Caught
    } = {},
  ) {
    super(code, options)
    this.survives = options.survives
    this.caught = options.caught
  }
}

/**
 * Performs an operation.
 *
 * @throws Problem with a public code; anything else is a bug.
 */
export async function perform<Input, Prepared, Claim, Result>(
  op: Operation<Input, Prepared, Claim, Result>,
  world: World,
  input: unknown,
  actor: Actor,
): Promise<Result> {
  const wish = readInput(op.input, input)
  const subject = op.subject(wish)
  const record = (outcome: 'done' | 'refused' | 'failed', event: AuditEvent, id: string) => {
    return { id, at: world.clock.now(), actor, operation: op.name, outcome, subject, event }
  }
  const recordId = randomUUID()
  let ran: Ran<Claim, Result> | { readonly refusal: Fault }
  try {
    const refusal = findRefusal(op.permission, actor)
    if (refusal) throw new Problem(refusal)
    if (world.isBehindJournal && SECRET_PERMISSIONS.has(op.permission)) throw new Problem('restore-not-accepted')
    const prepared = (await op.prepare?.(world, wish, actor)) as Prepared
    ran = await world.database.transaction(async (tx) => {
      const context = { tx, keys: world.keys, now: world.clock.now(), settings: world.settings }
      try {
        const done = await op.run(context, wish, actor, prepared)
        await enter(world, tx, record('done', done.event, recordId), done.caught)
        return done
      } catch (error) {
        if (!(error instanceof Fault) || !error.survives) throw error
        await error.survives(tx)
        await enter(world, tx, record('refused', eventOf(error), recordId), error.caught)
        if (isAboutRelease(op)) await noteRefusal(tx, error.code, world.clock.now())
        return { refusal: error }
      }
    })
  } catch (error) {
    await recordRefusal(world, error, op, (outcome, event) => record(outcome, event, recordId))
    throw asProblem(error)
  }
  if ('refusal' in ran) throw ran.refusal
  if ('result' in ran) return ran.result
  try {
    if (!op.release) throw new Error(`operation ${op.name} claims without releasing`)
    return await op.release(world, ran.claim, recordId)
  } catch (error) {
    await recordRefusal(world, error, op, (_, event) => record('failed', { ...event, after: recordId }, randomUUID()))
    throw asProblem(error)
  }
}

/** Refusals of these are what the desk counts. */
const isAboutRelease = ({ permission }: { readonly permission: Demand }): boolean =>
  permission === 'unblock:release' || permission === 'puc:read'

const eventOf = (error: unknown): AuditEvent => ({ problem: error instanceof Problem ? error.code : 'internal' })

/** Writes a record; and what was caught on the list of incidents: an incident that is on record is there as well. */
async function enter(world: World, tx: Tx, record: AuditRecord, caught: Caught | undefined): Promise<void> {
  if (!caught) return append(tx, record)
  await append(tx, { ...record, event: { ...record.event, incident: { ...caught } } })
  await noteCaught(tx, caught, { record, configured: world.settings.agents })
}

async function recordRefusal(
  world: World,
  error: unknown,
  op: { readonly permission: Demand },
  record: (outcome: 'refused' | 'failed', event: AuditEvent) => AuditRecord,
): Promise<void> {
  const event = eventOf(error)
  const isRefusal = error instanceof Problem && PROBLEMS[error.code].status < 500
  try {
    await world.database.transaction(async (tx) => {
      const caught = error instanceof Fault ? error.caught : undefined
      await enter(world, tx, record(isRefusal ? 'refused' : 'failed', event), caught)
      if (isRefusal && isAboutRelease(op)) await noteRefusal(tx, error.code, world.clock.now())
    })
  } catch (cause) {
    world.log.error({ err: cause }, 'a refusal could not be recorded')
  }
}

function asProblem(error: unknown): unknown {
  if (error instanceof KeyServiceError && error.code === 'ceiling')
    return new Problem('key-service-limit', { cause: error })
  if (error instanceof KeyServiceError && error.code === 'locked') return new Problem('keys-locked', { cause: error })
  return error
}
