import { type Permission, Problem } from '@unlatch/contract'
import type * as z from 'zod/mini'
import type { Database, Db } from '../db/open.ts'
import type { Clock } from '../ports/clock.ts'
import type { Actor } from './actors.ts'
import { readInput } from './read-input.ts'

/** A read, as a value: what may be asked, by whom, and how it is answered. No transaction, no secret. */
export interface View<Input, Answer> {
  readonly name: string
  readonly permission: Permission
  readonly query: z.ZodMiniType<Input>
  read(context: { db: Db; database: Database; now: Date }, input: Input, actor: Actor): Promise<Answer>
}

export const view = <Input, Answer>(definition: View<Input, Answer>): View<Input, Answer> => definition

/**
 * Answers a view.
 *
 * @throws Problem `input-invalid`, `not-permitted`, and what the view names.
 */
export async function look<Input, Answer>(
  definition: View<Input, Answer>,
  world: { database: Database; clock: Clock },
  input: unknown,
  actor: Actor,
): Promise<Answer> {
  const asked = readInput(definition.query, input)
  if (!actor.permissions.has(definition.permission)) throw new Problem('not-permitted')
  const { database, clock } = world
  return definition.read({ db: database.reads, database, now: clock.now() }, asked, actor)
}
