import { SetThreatLevel } from '@unlatch/contract'
import { raiseAlert } from '../../records/alerts/alerts.ts'
import { readDeskSettings, writeDeskSettings } from '../../records/desk/desk-settings.ts'
import { Fault, operation } from '../operation.ts'

/**
 * Raises or lowers the threat level, for everybody at once: while it is raised two roots and a second operator are needed for
 * every release, and self-service is closed. Everybody whom the desk names is told.
 */
export const setThreatLevel = operation({
  name: 'desk.set-threat-level',
  permission: 'threat:set',
  input: SetThreatLevel,
  subject: () => 'desk',
  async run({ tx, now }, { isRaised, reason }, actor) {
    const { settings, revision } = await readDeskSettings(tx)
    if (settings.threat.isRaised === isRaised) throw new Fault('desk-changed')
    const threat = { isRaised, since: now.toISOString(), by: actor.name, reason }
    if (!(await writeDeskSettings(tx, { ...settings, threat }, revision))) throw new Fault('desk-changed')
    const facts = { operator: actor.name, reason, at: now.toISOString() }
    const told = await raiseAlert(tx, isRaised ? 'threat-raised' : 'threat-lowered', facts, now)
    return { result: {}, event: { isRaised, reason, told } }
  },
})
