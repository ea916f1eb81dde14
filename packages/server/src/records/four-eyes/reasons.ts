import type { DeskSettings, FourEyesReason, GuardedAction, OfficeHours } from '@unlatch/contract'

/** When a second operator is needed. Pure: rows are elsewhere. */

/** Why a second operator is needed for an action now; empty when he is not. */
export function findFourEyesReasons(
  on: {
    readonly document: { readonly fourEyes: boolean } | undefined
    readonly person: { readonly is_sensitive: number }
    readonly desk: DeskSettings
    readonly action: GuardedAction
  },
  now: Date,
): FourEyesReason[] {
  const { document, person, desk, action } = on
  const isSo: Record<FourEyesReason, boolean> = {
    template: document?.fourEyes === true,
    person: person.is_sensitive === 1,
    action: desk.fourEyes.includes(action),
    threat: desk.threat.isRaised,
    hours: desk.officeHours !== null && !isWithin(desk.officeHours, now),
  }
  return (Object.keys(isSo) as FourEyesReason[]).filter((reason) => isSo[reason])
}

/** True within the hours, in their own zone. */
export function isWithin({ zone, days, from, to }: OfficeHours, now: Date): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? ''
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1
  const time = `${part('hour')}:${part('minute')}`
  return days.includes(day) && from <= time && time < to
}
