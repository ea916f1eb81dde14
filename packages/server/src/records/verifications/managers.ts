import type { Db, Tx } from '../../db/open.ts'
import type { Person } from '../people/people.ts'

/** A person's manager, as far as he can be asked: an account of this system. */
export interface Manager {
  readonly id: string
  readonly name: string
  /** Where a mail reaches him; empty where that is not known. */
  readonly email: string
  /** In which he is written to; empty: the organisation's own. */
  readonly language: string
}

/**
 * The account of a person's manager. What is on record is a name, a user name, or the name of an entry of the directory that
 * the person came from.
 */
export async function findManager(db: Db | Tx, person: Person): Promise<Manager | undefined> {
  const { manager } = person
  if (manager === '') return undefined
  const known = await db
    .selectFrom('people')
    .select(['user_name', 'email', 'language'])
    .where((e) =>
      person.directory_id === null
        ? e('user_name', '=', manager)
        : e.or([
            e('user_name', '=', manager),
            e.and([e('directory_id', '=', person.directory_id), e('directory_dn', '=', manager)]),
          ]),
    )
    .limit(1)
    .executeTakeFirst()
  const operators = db.selectFrom('operators').select(['id', 'name', 'user_name']).where('is_disabled', '=', 0)
  const byUserName = await operators
    .where('user_name', '=', known?.user_name ?? manager)
    .limit(1)
    .executeTakeFirst()
  // A name that two accounts have names nobody.
  const byName = byUserName ? [] : await operators.where('name', '=', manager).limit(2).execute()
  const found = byUserName ?? (byName.length === 1 ? byName[0] : undefined)
  if (!found) return undefined
  const own = await db
    .selectFrom('people')
    .select(['email', 'language'])
    .where('user_name', '=', found.user_name)
    .executeTakeFirst()
  const { email = '', language = '' } = known ?? own ?? {}
  return { id: found.id, name: found.name, email, language }
}
