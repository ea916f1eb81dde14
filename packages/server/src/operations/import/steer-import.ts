import { type ImportReading, RereadImport, StartImport, StopImport } from '@unlatch/contract'
import { endImport, lockImport, readingOf, readOctets, updateImport } from '../../records/imports/imports.ts'
import { findMissing, guessMapping, isTwofold } from '../../records/imports/mapping.ts'
import { readRows } from '../../records/imports/read-rows.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Reads the file of an import another way.
 *
 * @throws Problem `not-found`, `import-over`, `input-invalid` for a field with two columns.
 */
export const rereadImport = operation({
  name: 'import.read-anew',
  permission: 'person:write',
  input: RereadImport,
  subject: ({ importId }) => `import:${importId}`,
  async run({ tx }, { importId, mapping, ...wish }) {
    const stored = await lockImport(tx, importId)
    if (stored.state !== 'preview') throw new Fault('import-over')
    if (mapping && isTwofold(mapping)) throw new Fault('input-invalid', { detail: 'two columns are one field' })
    const reading: ImportReading = { ...wish, mapping: mapping ?? [] }
    if (!mapping) {
      const { header } = await readRows(await readOctets(tx, importId), reading, 1)
      reading.mapping = guessMapping(header).slice(0, 200)
    }
    await updateImport(tx, importId, { reading: JSON.stringify(reading), revision: stored.revision + 1 })
    return { result: {}, event: { importId, reading: { ...reading } } }
  },
})

/**
 * Begins to write what a preview showed. It is carried out in batches, each whole, also when nobody looks any more.
 *
 * @throws Problem `not-found`, `import-over`, `import-changed` when it was read another way meanwhile, `import-unmapped`.
 */
export const startImport = operation({
  name: 'import.start',
  permission: 'person:write',
  input: StartImport,
  subject: ({ importId }) => `import:${importId}`,
  async run({ tx, now }, { importId, revision, comparedAt }) {
    const stored = await lockImport(tx, importId)
    if (stored.state !== 'preview') throw new Fault('import-over')
    if (stored.revision !== revision) throw new Fault('import-changed')
    if (findMissing(readingOf(stored).mapping).length > 0) throw new Fault('import-unmapped')
    await updateImport(tx, importId, { state: 'running', started_at: now.toISOString(), compared_at: comparedAt })
    const { file_name: fileName, sha256 } = stored
    return { result: {}, event: { importId, fileName, sha256, comparedAt } }
  },
})

/**
 * Ends an import before its end: what was written stays, the rest of the file is forgotten.
 *
 * @throws Problem `not-found`, `import-over`.
 */
export const stopImport = operation({
  name: 'import.stop',
  permission: 'person:write',
  input: StopImport,
  subject: ({ importId }) => `import:${importId}`,
  async run({ tx, now }, { importId }) {
    const { state, done } = await lockImport(tx, importId)
    if (state !== 'preview' && state !== 'running') throw new Fault('import-over')
    await endImport(tx, importId, 'stopped', now)
    return { result: {}, event: { importId, was: state, rows: done } }
  },
})
