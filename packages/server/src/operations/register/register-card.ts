import { randomBytes, randomUUID } from 'node:crypto'
import type { Generation } from '@unlatch/card/unblock'
import { type PersonalisationRound, RegisterCard } from '@unlatch/contract'
import { isUniqueViolation } from '../../db/errors.ts'
import { findCardByHardware } from '../../records/cards/identity.ts'
import { addSearchWords, getPerson, getPersonByUserName, noteHolder } from '../../records/people/people.ts'
import { UNKNOWN_TRIES_LIMIT } from '../../records/puk-records/puk-record.ts'
import { expectUsable } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'
import { factoryKeysOf, type GidsState, startGids } from './gids-script.ts'
import { startPiv } from './piv-script.ts'
import { expectReplaceable } from './replaceable.ts'
import { startTries } from './secret-tries.ts'

/** The first generation of any secret. [piv-unblock/v1, Derived secrets] */
const FIRST = { epoch: 0, counter: 1 }

/** A version 4 UUID of 16 bytes, drawn here and never taken from a card. [piv-unblock/v1, Which card] */
function drawCardUuid(): Buffer {
  const uuid = randomBytes(16)
  uuid[6] = ((uuid[6] as number) & 0x0f) | 0x40
  uuid[8] = ((uuid[8] as number) & 0x3f) | 0x80
  return uuid
}

/** A station registers a card for a person: its identity is drawn, its secrets are not written yet. */
export const registerCard = operation({
  name: 'card.register',
  permission: 'card:register',
  input: RegisterCard,
  subject: ({ printedSerial }) => `printed-serial:${printedSerial}`,
  async run({ tx, keys, now }, wish, actor) {
    const { personId, userName, family, label, printedSerial } = wish
    const template = await expectUsable(tx, wish, family)
    const person =
      personId !== undefined ? await getPerson(tx, personId) : await getPersonByUserName(tx, userName ?? '')
    if (wish.replacesCardId !== undefined) await expectReplaceable(tx, wish.replacesCardId, person.id, actor)
    const id = randomUUID()
    const cardUuid = drawCardUuid()
    const cardUuidHex = cardUuid.toString('hex').toUpperCase()
    const generation = family === 'piv' ? await keys.nextPukGeneration(cardUuid, { ...FIRST, counter: 0 }) : FIRST
    const { hardwareNumber = null } = wish
    const known = hardwareNumber === null ? undefined : await findCardByHardware(tx, hardwareNumber)
    if (known) {
      throw new Fault('card-identity-conflict', {
        caught: { kind: 'known-card-under-another-id', cardId: known.id, hardwareNumber: hardwareNumber ?? '' },
      })
    }
    const conversation =
      family === 'piv' ? startPiv({ cardUuidHex, generation }) : startGidsOf(cardUuidHex, generation, wish)
    const row = {
      id,
      card_uuid: cardUuidHex,
      person_id: person.id,
      family,
      label,
      printed_serial: printedSerial,
      state: 'registered',
      sealed_key: null,
      personalisation: JSON.stringify({ round: 0, conversation }),
      hardware_number: hardwareNumber,
      imported_secrets: null,
      template_id: template?.id ?? null,
      template_version: template?.version ?? null,
      replaces_card_id: wish.replacesCardId ?? null,
      created_at: now.toISOString(),
    }
    try {
      await tx.insertInto('cards').values(row).execute()
    } catch (error) {
      if (isUniqueViolation(error)) throw new Fault('card-exists', { cause: error })
      throw error
    }
    await noteHolder(tx, person.id)
    await addSearchWords(tx, person.id, [printedSerial])
    const result: PersonalisationRound = { cardId: id, round: 0, commands: [], rehearsal: null, isDone: false }
    return {
      result,
      event: {
        cardId: id,
        cardUuid: cardUuidHex,
        personId: person.id,
        family,
        templateId: template?.id ?? null,
        replaces: wish.replacesCardId ?? null,
      },
    }
  },
})

function startGidsOf(cardUuidHex: string, generation: Generation, wish: RegisterCard): GidsState {
  const triesLimit = wish.adminKeyTriesLimit ?? UNKNOWN_TRIES_LIMIT
  return startGids(cardUuidHex, generation, startTries(factoryKeysOf(wish.factoryAdminKey, triesLimit), triesLimit))
}
