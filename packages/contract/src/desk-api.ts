import * as z from 'zod/mini'
import { GUARDED_ACTIONS } from './approval-api.ts'

/** What crosses the wire about how the help desk works: by what it reaches people, and what it may do in which time. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))

const count = (most: number) => z.nullable(z.number().check(z.int(), z.minimum(1), z.maximum(most)))

/** Hours in which the desk works; outside them a second operator is needed. */
export const OfficeHours = z.object({
  /** IANA name of the zone. */
  zone: z.string().check(z.minLength(1), z.maxLength(60)),
  /** 1 is Monday. */
  days: z.array(z.number().check(z.int(), z.minimum(1), z.maximum(7))).check(z.minLength(1), z.maxLength(7)),
  /** `08:00`, and later on the same day. */
  from: z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
  to: z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/)),
})
export type OfficeHours = z.infer<typeof OfficeHours>

/** Limits beside those of the server's configuration; null: as that says. */
export const DeskLimits = z.object({
  releasesPerPersonAndDay: z._default(count(1000), null),
  personsPerOperatorInTenMinutes: z._default(count(1000), null),
  outstandingPerOperator: z._default(count(1000), null),
})
export type DeskLimits = z.infer<typeof DeskLimits>

const address = () => z.string().check(z.maxLength(320), z.regex(/^[^\s<>@]+@[^\s<>@]+$/))

/** How the desk works; what an older server did not know has its default. */
export const DeskSettings = z.object({
  /** By what words, codes and notices leave: a mail server, and a service for text messages; null: by none. */
  mailConnectionId: z._default(z.nullable(id()), null),
  textConnectionId: z._default(z.nullable(id()), null),
  limits: z._default(DeskLimits, DeskLimits.parse({})),
  officeHours: z._default(z.nullable(OfficeHours), null),
  /** For what a second operator is always needed. */
  fourEyes: z._default(z.array(z.enum(GUARDED_ACTIONS)), []),
  /** Who is told by mail when the glass is broken or the threat level changes. */
  alarmAddresses: z._default(z.array(address()).check(z.maxLength(20)), []),
  /** Changed by an operation of its own. */
  threat: z._default(
    z.object({ isRaised: z.boolean(), since: z.nullable(z.string()), by: z.string(), reason: z.string() }),
    { isRaised: false, since: null, by: '', reason: '' },
  ),
  /** Who stops a card elsewhere: a service that is told `card.suspended` when a holder says that it was not them. */
  revocationConnectionId: z._default(z.nullable(id()), null),
})
export type DeskSettings = z.infer<typeof DeskSettings>

/** Changes how the desk works; `revision` is what was changed: another change in between is told. */
export const ChangeDeskSettings = z.object({ revision: z.number(), settings: DeskSettings })
export type ChangeDeskSettings = z.infer<typeof ChangeDeskSettings>

/** How it works now, and what may be chosen. */
export const DeskView = z.object({
  settings: DeskSettings,
  revision: z.number(),
  /** What the configuration says where a limit is null. */
  configured: z.object({
    releasesPerCardAndDay: z.number(),
    releasesPerOperatorAndHour: z.number(),
    releasesPerPersonAndDay: z.number(),
    personsPerOperatorInTenMinutes: z.number(),
    outstandingPerOperator: z.number(),
  }),
  /** Tested connections that carry words; `untested` ones are named, and cannot be chosen. */
  connections: z.array(
    z.object({ id: id(), name: z.string(), carries: z.enum(['mail', 'text']), isTested: z.boolean() }),
  ),
})
export type DeskView = z.infer<typeof DeskView>
