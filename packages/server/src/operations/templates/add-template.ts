import { randomUUID } from 'node:crypto'
import { AddTemplate, CopyTemplate, type TemplateDocument } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import type { Tx } from '../../db/open.ts'
import { getTemplate, insertTemplate } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/** Adds a card template. One that cannot be used yet is kept: its list says what is missing. */
export const addTemplate = operation({
  name: 'template.add',
  permission: 'template:write',
  input: AddTemplate,
  subject: ({ name }) => `template-name:${name}`,
  async run({ tx, now }, { name, document }) {
    const id = await insert(tx, name, document, now)
    return { result: { id, version: 1 }, event: { templateId: id, name, version: 1, document } }
  },
})

/** Adds a card template that is as another one now; the copy is not locked. */
export const copyTemplate = operation({
  name: 'template.copy',
  permission: 'template:write',
  input: CopyTemplate,
  subject: ({ templateId }) => `template:${templateId}`,
  async run({ tx, now }, { templateId, name }) {
    const { document, version } = await getTemplate(tx, templateId)
    const id = await insert(tx, name, document, now)
    return { result: { id, version: 1 }, event: { templateId: id, name, copyOf: templateId, ofVersion: version } }
  },
})

async function insert(tx: Tx, name: string, document: TemplateDocument, at: Date): Promise<string> {
  const id = randomUUID()
  try {
    await insertTemplate(tx, { id, name, document, at })
  } catch (error) {
    if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
    throw error
  }
  return id
}
