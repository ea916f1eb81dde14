import type { Stations } from '@unlatch/contract'
import * as z from 'zod/mini'
import type { Db } from '../../db/open.ts'
import type { Agents } from '../../ports/agents.ts'
import { view } from '../view.ts'

type ManagedCard = NonNullable<NonNullable<Stations['stations'][number]['readers'][number]['card']>['managed']>

/** Stations that are connected now, their readers, and which cards on record the cards in them say to be. */
export const stations = (agents: Agents) =>
  view({
    name: 'stations.online',
    permission: 'card:register',
    query: z.object({}),
    async read({ db }): Promise<Stations> {
      const online = agents.online().filter(({ isStation }) => isStation)
      const seen = online.flatMap(({ readers }) => readers.flatMap(({ card }) => card?.cardUuid ?? []))
      const known = await findManaged(db, seen)
      return {
        stations: online.map(({ id, name, readers }) => ({
          id,
          name,
          readers: readers.map((reader) => ({
            name: reader.name,
            card: reader.card && {
              family: reader.card.family,
              isBlocked: reader.card.isBlocked,
              managed: (reader.card.cardUuid && known.get(reader.card.cardUuid)) || null,
            },
          })),
        })),
      }
    },
  })

async function findManaged(db: Db, cardUuids: readonly string[]): Promise<Map<string, ManagedCard>> {
  if (cardUuids.length === 0) return new Map()
  const rows = await db
    .selectFrom('cards')
    .innerJoin('people', 'people.id', 'cards.person_id')
    .select(['cards.id', 'cards.card_uuid', 'cards.label', 'cards.printed_serial', 'cards.state', 'people.name'])
    .where('cards.card_uuid', 'in', [...new Set(cardUuids)])
    .execute()
  return new Map(
    rows.map((row) => [
      row.card_uuid,
      {
        id: row.id,
        label: row.label,
        printedSerial: row.printed_serial,
        state: row.state as ManagedCard['state'],
        personName: row.name,
      },
    ]),
  )
}
