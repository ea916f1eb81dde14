import type { DeskView } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import { listConnections } from '../connections/connections.ts'
import type { ReleaseLimits } from '../unblocks/release-limits.ts'
import { view } from '../view.ts'
import { readDeskSettings } from './desk-settings.ts'

/** How the help desk works, and by what its messages can leave. */
export const deskSettings = (configured: ReleaseLimits) =>
  view({
    name: 'desk.settings',
    permission: 'desk:read',
    query: z.object({}),
    async read({ db }): Promise<DeskView> {
      const { releasesPerCardAndDay, releasesPerOperatorAndHour, releasesPerPersonAndDay } = configured
      const { personsPerOperatorInTenMinutes, outstandingPerOperator } = configured
      const { settings, revision } = await readDeskSettings(db)
      const connections = (await listConnections(db)).flatMap(({ id, name, details, testedAt }) => {
        const carries = { smtp: 'mail', webhook: 'text' }[details.kind as 'smtp' | 'webhook'] as
          | 'mail'
          | 'text'
          | undefined
        return carries ? [{ id, name, carries, isTested: testedAt !== null }] : []
      })
      return {
        settings,
        revision,
        configured: {
          releasesPerCardAndDay,
          releasesPerOperatorAndHour,
          releasesPerPersonAndDay,
          personsPerOperatorInTenMinutes,
          outstandingPerOperator,
        },
        connections,
      }
    },
  })

/** True while the threat level is raised: for everybody, signed in or not. */
export async function isThreatRaised(db: Db): Promise<boolean> {
  return (await readDeskSettings(db)).settings.threat.isRaised
}
