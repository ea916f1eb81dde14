import type { DeskView } from '@unlatch/contract'
import * as z from 'zod/mini'
import { listConnections } from '../connections/connections.ts'
import { view } from '../view.ts'
import { readDeskSettings } from './desk-settings.ts'

/** How the help desk works, and by what its messages can leave. */
export const deskSettings = view({
  name: 'desk.settings',
  permission: 'desk:read',
  query: z.object({}),
  async read({ db }): Promise<DeskView> {
    const { settings, revision } = await readDeskSettings(db)
    const connections = (await listConnections(db)).flatMap(({ id, name, details, testedAt }) => {
      const carries = { smtp: 'mail', webhook: 'text' }[details.kind as 'smtp' | 'webhook'] as
        | 'mail'
        | 'text'
        | undefined
      return carries ? [{ id, name, carries, isTested: testedAt !== null }] : []
    })
    return { settings, revision, connections }
  },
})
