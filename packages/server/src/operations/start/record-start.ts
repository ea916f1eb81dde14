import * as z from 'zod/mini'
import { writeStarts } from '../../records/server-starts/server-starts.ts'
import { operation } from '../operation.ts'

/**
 * A server starts: counted in the database first, then in the key journal. So a database that was restored from before the
 * last start is noticed, also when no card's secret changed since.
 */
export const recordStart = operation({
  name: 'server.start',
  permission: 'server:start',
  input: z.object({ version: z.string() }),
  subject: () => 'server',
  async run({ tx, keys }, { version }) {
    const { node, starts } = await keys.journalState()
    await writeStarts(tx, { node, starts: starts + 1 })
    return { claim: null, event: { version, starts: starts + 1 } }
  },
  release: ({ keys }) => keys.countStart(),
})
