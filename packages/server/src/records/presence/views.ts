import type { ReaderCard, Stations } from '@unlatch/contract'
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
      const known = await findManaged(
        db,
        online.flatMap(({ readers }) => readers.flatMap(({ card }) => card ?? [])),
      )
      return {
        stations: online.map(({ id, name, readers }) => ({
          id,
          name,
          readers: readers.map((reader) => ({
            name: reader.name,
            card: reader.card && {
              kind: reader.card.kind,
              firmware: reader.card.firmware,
              family: reader.card.family,
              isBlocked: reader.card.isBlocked,
              hardwareNumber: reader.card.hardwareNumber,
              managed: known(reader.card),
            },
          })),
        })),
      }
    },
  })

/** Which card on record a card in a reader says to be: by its maker's number first, which nobody writes, then by its identifier. */
async function findManaged(db: Db, seen: readonly ReaderCard[]): Promise<(card: ReaderCard) => ManagedCard | null> {
  const byNumber = await findBy(
    db,
    'hardware_number',
    seen.flatMap(({ hardwareNumber }) => hardwareNumber ?? []),
  )
  const byUuid = await findBy(
    db,
    'card_uuid',
    seen.flatMap(({ cardUuid }) => cardUuid ?? []),
  )
  return ({ hardwareNumber, cardUuid }) => byNumber.get(hardwareNumber ?? '') ?? byUuid.get(cardUuid ?? '') ?? null
}

async function findBy(
  db: Db,
  column: 'hardware_number' | 'card_uuid',
  values: readonly string[],
): Promise<Map<string, ManagedCard>> {
  if (values.length === 0) return new Map()
  const rows = await db
    .selectFrom('cards')
    .innerJoin('people', 'people.id', 'cards.person_id')
    .select(['cards.id', 'cards.label', 'cards.printed_serial', 'cards.state', 'cards.is_unheld', 'people.name'])
    .select(`cards.${column} as found`)
    .where(`cards.${column}`, 'in', [...new Set(values)])
    .execute()
  return new Map(
    rows.map((row) => [
      row.found ?? '',
      {
        id: row.id,
        label: row.label,
        printedSerial: row.printed_serial,
        state: row.state as ManagedCard['state'],
        personName: row.is_unheld === 1 ? null : row.name,
      },
    ]),
  )
}
