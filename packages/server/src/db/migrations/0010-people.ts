import { type Kysely, sql } from 'kysely'
import { textType } from '../dialect.ts'

/** People are listed, changed, imported from files and found in directories. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const text = textType(db)
  for (const [name, type, fallback] of [
    ['sort_name', text, ''],
    ['revision', 'integer', 1],
    ['changed_at', text, ''],
    ['has_card', 'integer', 0],
    ['had_card', 'integer', 0],
    ['source', text, 'hand'],
  ] as const) {
    await db.schema
      .alterTable('people')
      .addColumn(name, type, (c) => c.notNull().defaultTo(fallback))
      .execute()
  }
  for (const name of ['directory_id', 'directory_entry', 'directory_dn']) {
    await db.schema.alterTable('people').addColumn(name, text).execute()
  }
  await fillSortNames(db as Kysely<{ people: Named }>)
  await sql`update people set changed_at = created_at`.execute(db)
  await sql`update people set has_card = 1, had_card = 1
    where id in (select person_id from cards)`.execute(db)
  // A card that went to somebody else since: its first holder had one.
  await sql`update people set had_card = 1 where had_card = 0
    and (id in (select person_id from unblocks) or id in (select person_id from deliveries))`.execute(db)
  await createImports(db, text)
  for (const statement of INDEXES) await sql.raw(statement).execute(db)
}

/** Files of people, kept until they are imported. */
async function createImports(db: Kysely<unknown>, text: ReturnType<typeof textType>): Promise<void> {
  let imports = db.schema
    .createTable('imports')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('operator_id', text, (c) => c.notNull().references('operators.id'))
  for (const name of ['file_name', 'sha256', 'state', 'reading', 'created_at'])
    imports = imports.addColumn(name, text, (c) => c.notNull())
  for (const name of ['compared_at', 'started_at', 'ended_at']) imports = imports.addColumn(name, text)
  for (const name of ['revision', 'total', 'done', 'added', 'changed', 'unchanged', 'wrong', 'left_alone'])
    imports = imports.addColumn(name, 'integer', (c) => c.notNull())
  await imports.execute()
  await db.schema
    .createTable('import_pieces')
    .addColumn('import_id', text, (c) => c.notNull().references('imports.id'))
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('octets', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('import_pieces_pk', ['import_id', 'number'])
    .execute()
}

const INDEXES = [
  'create index imports_by_state on imports (state, created_at)',
  'create index imports_by_time on imports (created_at)',
  'create index people_by_name on people (sort_name, id)',
  'create index people_by_department on people (department, sort_name, id, has_card)',
  'create index people_by_holding on people (has_card, sort_name, id)',
  'create index people_by_time on people (created_at, id)',
  // Whether somebody who is removed is named anywhere.
  'create index search_words_of_person on search_words (person_id)',
  'create index deliveries_of_person on deliveries (person_id)',
  'create index people_of_entry on people (directory_entry) where directory_entry is not null',
]

interface Named {
  id: string
  name: string
  sort_name: string
}

const AT_ONCE = 1000

/** No database folds as `records/people` does. */
async function fillSortNames(db: Kysely<{ people: Named }>): Promise<void> {
  let last = ''
  for (;;) {
    const page = await db
      .selectFrom('people')
      .select(['id', 'name'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(AT_ONCE)
      .execute()
    for (const { id, name } of page) {
      await db
        .updateTable('people')
        .set({ sort_name: fold(name) })
        .where('id', '=', id)
        .execute()
    }
    if (page.length < AT_ONCE) return
    last = page.at(-1)?.id ?? ''
  }
}

/** As `foldWord` was when this migration was written. */
const fold = (name: string) =>
  name
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[\s,]+/g, ' ')
    .trim()
