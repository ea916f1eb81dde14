import { Problem } from '@unlatch/contract'
import type * as z from 'zod/mini'
import type { Database, Db } from '../db/open.ts'
import type { Clock } from '../ports/clock.ts'
import { type Actor, type Demand, findRefusal } from './actors.ts'
import { readInput } from './read-input.ts'
import type { SessionLimits } from './sessions/sessions.ts'

/** A read, as a value: what may be asked, by whom, and how it is answered. No transaction, no secret. */
export interface View<Input, Answer> {
  readonly name: string
  readonly permission: Exclude<Demand, 'anybody'>
  readonly query: z.ZodMiniType<Input>
  read(context: ViewContext, input: Input, actor: Actor): Promise<Answer>
}

/** What a view reads with. */
export interface ViewContext {
  readonly db: Db
  readonly database: Database
  readonly now: Date
  readonly limits: SessionLimits
}

export const view = <Input, Answer>(definition: View<Input, Answer>): View<Input, Answer> => definition

/**
 * Answers a view.
 *
 * @throws Problem `input-invalid`, `not-permitted`, and what the view names.
 */
export async function look<Input, Answer>(
  definition: View<Input, Answer>,
  world: { database: Database; clock: Clock; settings: SessionLimits },
  input: unknown,
  actor: Actor,
): Promise<Answer> {
  const asked = readInput(definition.query, input)
  const refusal = findRefusal(definition.permission, actor)
  if (refusal) throw new Problem(refusal)
  const { database, clock, settings: limits } = world
  return definition.read({ db: database.reads, database, now: clock.now(), limits }, asked, actor)
}
