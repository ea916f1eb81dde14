import { ChangeDeskSettings, type OfficeHours } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { lockConnection } from '../../records/connections/connections.ts'
import { readDeskSettings, writeDeskSettings } from '../../records/desk/desk-settings.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Changes how the help desk works; what it was before is in the record.
 *
 * @throws Problem `desk-changed`, `connection-unknown`, `connection-untested`, `input-invalid`.
 */
export const changeDeskSettings = operation({
  name: 'desk.change',
  permission: 'desk:write',
  input: ChangeDeskSettings,
  subject: () => 'desk',
  async run({ tx }, { revision, settings }) {
    const before = await readDeskSettings(tx)
    await expectCarrier(tx, settings.mailConnectionId, 'smtp')
    await expectCarrier(tx, settings.textConnectionId, 'webhook')
    await expectCarrier(tx, settings.revocationConnectionId, 'webhook')
    // The threat level has an operation and a permission of its own.
    const after = { ...settings, threat: before.settings.threat }
    expectZone(after.officeHours)
    if (!(await writeDeskSettings(tx, after, revision))) throw new Fault('desk-changed')
    return { result: { revision: revision + 1 }, event: { before: before.settings, after } }
  },
})

/** A zone that nobody knows would stop every release. */
function expectZone(hours: OfficeHours | null): void {
  try {
    if (hours) new Intl.DateTimeFormat('en', { timeZone: hours.zone })
  } catch (cause) {
    throw new Fault('input-invalid', { detail: 'no such time zone', cause })
  }
  if (hours && hours.from >= hours.to) throw new Fault('input-invalid', { detail: 'the hours end before they begin' })
}

/** A connection of the kind that is needed, tested as it is. */
async function expectCarrier(tx: Tx, id: string | null, kind: 'smtp' | 'webhook'): Promise<void> {
  if (id === null) return
  const connection = await lockConnection(tx, id)
  if (connection.details.kind !== kind) throw new Fault('input-invalid')
  if (connection.testedAt === null) throw new Fault('connection-untested')
}
