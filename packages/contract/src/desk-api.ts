import * as z from 'zod/mini'

/** What crosses the wire about how the help desk works: by what it reaches people, and what it may do in which time. */

const id = () => z.string().check(z.minLength(1), z.maxLength(64))

/** How the desk works; what an older server did not know has its default. */
export const DeskSettings = z.object({
  /** By what words, codes and notices leave: a mail server, and a service for text messages; null: by none. */
  mailConnectionId: z._default(z.nullable(id()), null),
  textConnectionId: z._default(z.nullable(id()), null),
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
  /** Tested connections that carry words; `untested` ones are named, and cannot be chosen. */
  connections: z.array(
    z.object({ id: id(), name: z.string(), carries: z.enum(['mail', 'text']), isTested: z.boolean() }),
  ),
})
export type DeskView = z.infer<typeof DeskView>
