import { ChangeTemplate, LockTemplate } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { insertVersion, lockTemplate as lock, updateTemplate } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'

/** Makes a new version of a card template; cards keep theirs. */
export const changeTemplate = operation({
  name: 'template.change',
  permission: 'template:write',
  input: ChangeTemplate,
  subject: ({ templateId }) => `template:${templateId}`,
  async run({ tx, now }, { templateId, version: from, name, document }) {
    const before = await lock(tx, templateId)
    if (before.isLocked) throw new Fault('template-locked')
    if (before.version !== from) throw new Fault('template-changed', { facts: { version: before.version } })
    const version = from + 1
    await insertVersion(tx, { id: templateId, version, document, at: now })
    try {
      await updateTemplate(tx, templateId, { name, version })
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('name-taken', { cause: error })
      throw error
    }
    return { result: { id: templateId, version }, event: { templateId, name, version, document } }
  },
})

/** Locks a card template, so that nobody changes it; or unlocks it. */
export const lockTemplate = operation({
  name: 'template.lock',
  permission: 'template:write',
  input: LockTemplate,
  subject: ({ templateId }) => `template:${templateId}`,
  async run({ tx }, { templateId, isLocked }) {
    await lock(tx, templateId)
    await updateTemplate(tx, templateId, { is_locked: isLocked ? 1 : 0 })
    return { result: {}, event: { templateId, isLocked } }
  },
})
