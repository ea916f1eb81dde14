import { Problem, TemplateDocument, type TemplateFault } from '@unlatch/contract'
import type { Db, Tx } from '../../db/open.ts'
import { findConnection } from '../connections/connections.ts'
import { findTemplateFaults } from './template.ts'

/** A card template in its newest version. */
export interface Template {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly isLocked: boolean
  readonly document: TemplateDocument
  readonly changedAt: string
}

const select = (db: Db | Tx) =>
  db
    .selectFrom('templates')
    .innerJoin('template_versions', (join) =>
      join
        .onRef('template_versions.template_id', '=', 'templates.id')
        .onRef('template_versions.version', '=', 'templates.version'),
    )
    .select(['templates.id', 'templates.name', 'templates.version', 'templates.is_locked'])
    .select(['template_versions.document', 'template_versions.created_at'])

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number]

const readTemplate = (row: Row): Template => ({
  id: row.id,
  name: row.name,
  version: row.version,
  isLocked: row.is_locked === 1,
  document: readDocument(row.document),
  changedAt: row.created_at,
})

/** A document as it is meant today: what an older server did not know has its default. */
const readDocument = (text: string): TemplateDocument => TemplateDocument.parse(JSON.parse(text))

/** All templates, by name. */
export async function listTemplates(db: Db | Tx): Promise<Template[]> {
  const all = select(db).where('templates.name', '>', '').where('template_versions.template_id', '>', '')
  return (await all.orderBy('templates.name').execute()).map(readTemplate)
}

/** @throws Problem `template-unknown`. */
export async function getTemplate(db: Db | Tx, id: string): Promise<Template> {
  const row = await select(db).where('templates.id', '=', id).executeTakeFirst()
  if (!row) throw new Problem('template-unknown')
  return readTemplate(row)
}

async function getByName(db: Db | Tx, name: string): Promise<Template> {
  const row = await select(db).where('templates.name', '=', name).executeTakeFirst()
  if (!row) throw new Problem('template-unknown', { detail: `there is no card template ${name}` })
  return readTemplate(row)
}

/**
 * A template that nobody else changes until the transaction ends.
 *
 * @throws Problem `template-unknown`.
 */
export async function lockTemplate(tx: Tx, id: string): Promise<Template> {
  await tx.selectFrom('templates').select('id').where('id', '=', id).forUpdate().execute()
  return getTemplate(tx, id)
}

/** What a card was registered by: the version that it has, not the newest. Undefined on a card without a template. */
export async function findDocumentOf(
  db: Db | Tx,
  card: { template_id: string | null; template_version: number | null },
): Promise<TemplateDocument | undefined> {
  if (card.template_id === null || card.template_version === null) return undefined
  const row = await db
    .selectFrom('template_versions')
    .select('document')
    .where('template_id', '=', card.template_id)
    .where('version', '=', card.template_version)
    .executeTakeFirst()
  return row && readDocument(row.document)
}

/** Which connections each template uses, by its name, to deliver and to ask who somebody is: in its newest version, and in older ones that cards still have. */
export async function listUses(db: Db | Tx): Promise<{ templateName: string; connectionId: string }[]> {
  const rows = await db
    .selectFrom('templates')
    .innerJoin('template_versions', 'template_versions.template_id', 'templates.id')
    .select(['templates.id', 'templates.name', 'templates.version as newest'])
    .select(['template_versions.version', 'template_versions.document'])
    .where('templates.name', '>', '')
    .where('template_versions.template_id', '>', '')
    .orderBy('templates.name')
    .execute()
  const uses = new Map<string, { templateName: string; connectionId: string }>()
  for (const { id, name, newest, version, document } of rows) {
    const { connectionId: deliverer, allows, selfService } = readDocument(document)
    for (const connectionId of [deliverer, allows.selfService ? selfService.identityProviderId : null]) {
      const key = `${id}/${connectionId}`
      if (connectionId === null || uses.has(key)) continue
      if (version !== newest && !(await hasCards(db, id, version))) continue
      uses.set(key, { templateName: name, connectionId })
    }
  }
  return [...uses.values()]
}

async function hasCards(db: Db | Tx, templateId: string, version: number): Promise<boolean> {
  const row = await db
    .selectFrom('cards')
    .select('id')
    .where('template_id', '=', templateId)
    .where('template_version', '=', version)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Why no card can be issued by this now; empty when it can be. */
export async function findFaults(db: Db | Tx, document: TemplateDocument): Promise<TemplateFault[]> {
  const { connectionId } = document
  return findTemplateFaults(document, connectionId === null ? undefined : await findConnection(db, connectionId))
}

/**
 * A template by which a card can be issued now; undefined where none is named.
 *
 * @throws Problem `template-unknown`; `template-wrong-card`; `template-not-usable`, with its `faults`.
 */
export async function expectUsable(
  db: Db | Tx,
  { templateId, templateName }: { templateId?: string | undefined; templateName?: string | undefined },
  family: string,
): Promise<Template | undefined> {
  if (templateId === undefined && templateName === undefined) return undefined
  const template =
    templateId === undefined ? await getByName(db, templateName ?? '') : await getTemplate(db, templateId)
  if (template.document.family !== family) throw new Problem('template-wrong-card')
  await expectNoFaults(db, template.document)
  return template
}

/** @throws Problem `template-not-usable`, with its `faults`. */
export async function expectNoFaults(db: Db | Tx, document: TemplateDocument): Promise<void> {
  const faults = await findFaults(db, document)
  if (faults.length > 0) throw new Problem('template-not-usable', { facts: { faults, why: faults.join(', ') } })
}

/** @throws as the database does when the name is taken (`isUniqueViolation`). */
export async function insertTemplate(
  tx: Tx,
  { id, name, document, at }: { id: string; name: string; document: TemplateDocument; at: Date },
): Promise<void> {
  await tx.insertInto('templates').values({ id, name, version: 1, is_locked: 0 }).execute()
  await insertVersion(tx, { id, version: 1, document, at })
}

/** @throws as the database does when the name is taken (`isUniqueViolation`). */
export async function insertVersion(
  tx: Tx,
  { id, version, document, at }: { id: string; version: number; document: TemplateDocument; at: Date },
): Promise<void> {
  const row = { template_id: id, version, document: JSON.stringify(document), created_at: at.toISOString() }
  await tx.insertInto('template_versions').values(row).execute()
}

export async function updateTemplate(
  tx: Tx,
  id: string,
  values: { name?: string; version?: number; is_locked?: number },
): Promise<void> {
  await tx.updateTable('templates').set(values).where('id', '=', id).execute()
}
