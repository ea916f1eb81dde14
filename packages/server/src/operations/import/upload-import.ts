import { createHash, randomUUID } from 'node:crypto'
import { LARGEST_IMPORT } from '@unlatch/contract'
import * as z from 'zod/mini'
import { endImport, insertImport, listForgotten } from '../../records/imports/imports.ts'
import { guessMapping } from '../../records/imports/mapping.ts'
import { readRows } from '../../records/imports/read-rows.ts'
import { guessDelimiter, guessEncoding, readText } from '../../records/imports/read-text.ts'
import { operation } from '../operation.ts'

/** A preview that nobody went on with holds personal data no longer than this. */
const KEPT_MS = 24 * 3600_000

/**
 * Takes a file of people for a look at what it would do. How it is to be read is guessed; nobody is added yet.
 *
 * @throws Problem `too-large`.
 */
export const uploadImport = operation({
  name: 'import.upload',
  permission: 'person:write',
  input: z.object({
    fileName: z.string().check(z.maxLength(200)),
    octets: z.instanceof(Uint8Array).check(z.refine(({ length }) => length > 0 && length <= LARGEST_IMPORT)),
  }),
  subject: ({ fileName }) => `import-file:${fileName}`,
  async prepare(_, { octets }) {
    const encoding = guessEncoding(octets)
    const delimiter = guessDelimiter(readText(octets.subarray(0, 1 << 16), encoding))
    const asIs = { encoding, delimiter, mapping: [], clearsEmpty: false }
    const { header } = await readRows(octets, asIs, 1)
    return { ...asIs, mapping: guessMapping(header).slice(0, 200) }
  },
  async run({ tx, now }, { fileName, octets }, actor, reading) {
    for (const old of await listForgotten(tx, new Date(now.getTime() - KEPT_MS)))
      await endImport(tx, old, 'stopped', now)
    const id = randomUUID()
    const sha256 = createHash('sha256').update(octets).digest('hex').toUpperCase()
    await insertImport(tx, { id, operator_id: actor.id, file_name: fileName, sha256, reading, at: now }, octets)
    return { result: { id }, event: { importId: id, fileName, sha256, octets: octets.length } }
  },
})
