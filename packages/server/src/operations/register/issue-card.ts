import { readHex } from '@unlatch/card'
import { type CurrentSecrets, type FactoryAdminKey, IssueCard, type PersonalisationRound } from '@unlatch/contract'
import type { Tx } from '../../db/open.ts'
import { type ImportedSecret, type KeyService, KeyServiceError } from '../../ports/key-service.ts'
import type { Actor } from '../../records/actors.ts'
import { type Card, lockCard } from '../../records/cards/cards.ts'
import { findIdentityConflict } from '../../records/cards/identity.ts'
import { type ImportedSecrets, readImported, writeImported } from '../../records/cards/imported-secrets.ts'
import { isHeldByOther, takeLease } from '../../records/cards/leases.ts'
import { findGeneration, type Purpose } from '../../records/generations/generations.ts'
import { expectNoFaults, findDocumentOf } from '../../records/templates/templates.ts'
import { Fault, operation } from '../operation.ts'
import { adminKeyUnknown, factoryKeysOf, restartGids } from './gids-script.ts'
import { isOfThisVersion, type Personalisation } from './personalise-card.ts'
import { FACTORY_9B, FACTORY_PUK, restartPiv, secretUnknown, startPiv } from './piv-script.ts'
import { asFresh, mayTry, startTries, withImported } from './secret-tries.ts'

type Conversation = Personalisation['conversation']

/**
 * A station begins to issue a registered card, or begins again after a tear. Where nothing is left that the card may be
 * asked, it says so before the card sees anything.
 */
export const issueCard = operation({
  name: 'card.issue',
  permission: 'card:register',
  input: IssueCard,
  subject: ({ cardId }) => `card:${cardId}`,
  async run({ tx, keys, now }, { cardId, seen, currentSecrets, isFreshCard = false, factoryAdminKey }, actor) {
    const card = await lockCard(tx, cardId)
    if (card.personalisation === null) throw new Fault('attempt-closed', { detail: 'this card is issued already' })
    const before = JSON.parse(card.personalisation) as Personalisation
    if (isHeldByOther(before.lease, actor.id, now)) throw inTwoPlaces(card, before)
    const caught = await findIdentityConflict(tx, card, seen ?? {})
    if (caught) throw new Fault('card-identity-conflict', { caught })

    const document = await findDocumentOf(tx, card)
    if (document) await expectNoFaults(tx, document)
    const conversation = isFreshCard ? asFactoryNew(before.conversation, factoryAdminKey) : before.conversation
    const imported = currentSecrets && (await importSecrets(keys, card, currentSecrets, actor))
    const restarted = await restart(tx, card, asOfThisVersion(conversation), imported)
    const unknown = findUnknown(restarted)
    if (unknown) throw new Fault(unknown.code, { facts: { why: unknown.why } })
    const round = before.round + 1
    const personalisation: Personalisation = { round, conversation: restarted, lease: takeLease(actor.id, now) }
    await tx
      .updateTable('cards')
      .set({
        personalisation: JSON.stringify(personalisation),
        sealed_key: null,
        hardware_number: card.hardware_number ?? seen?.hardwareNumber ?? null,
        ...(imported && { imported_secrets: writeImported(imported) }),
      })
      .where('id', '=', cardId)
      .execute()
    const result: PersonalisationRound = { cardId, round, commands: [], rehearsal: null, isDone: false }
    const given = currentSecrets ? Object.keys(currentSecrets).sort() : []
    return { result, event: { cardId, round, imported: given, isFreshCard } }
  },
})

/** Two agents say that they have this card: one of them has another. Neither goes on. */
function inTwoPlaces(card: Card, before: Personalisation): Fault {
  const { lease: _, ...rest } = before
  const stopped: Personalisation = { ...rest, round: before.round + 1 }
  return new Fault('card-in-two-places', {
    caught: { kind: 'two-agents-at-once', cardId: card.id, otherAgentId: before.lease?.agent ?? '' },
    survives: async (tx) => {
      await tx
        .updateTable('cards')
        .set({ personalisation: JSON.stringify(stopped) })
        .where('id', '=', card.id)
        .execute()
    },
  })
}

/** Seals what the station said that the card has now. */
async function importSecrets(
  keys: KeyService,
  card: Card,
  { puk, managementKey, adminKey }: CurrentSecrets,
  actor: Actor,
): Promise<ImportedSecrets> {
  const known = readImported(card)
  const permit = { station: actor.id, recordId: card.id, cardUuid: readHex(card.card_uuid) }
  const seal = async (secret: ImportedSecret) => {
    try {
      return await keys.importSecret(permit, secret, known.refused ?? [])
    } catch (cause) {
      if (!(cause instanceof KeyServiceError) || cause.code !== 'refused-before') throw cause
      const why = 'the card refused this one already: it is not sent again'
      throw new Fault('card-key-unknown', { facts: { why }, cause })
    } finally {
      secret.octets.fill(0)
    }
  }
  const isPiv = card.family === 'piv'
  if (isPiv ? adminKey !== undefined : puk !== undefined || managementKey !== undefined) {
    throw new Fault('input-invalid', { detail: `a ${isPiv ? 'PIV' : 'GIDS'} card has no such secret` })
  }
  return {
    ...known,
    ...(puk !== undefined && {
      puk: { sealed: await seal({ kind: 'piv-puk', octets: readHex(puk) }), form: isEightDigits(puk) },
    }),
    ...(managementKey && {
      managementKey: {
        cipher: managementKey.cipher,
        sealed: await seal({ kind: 'piv-9b', cipher: managementKey.cipher, octets: readHex(managementKey.key) }),
      },
    }),
    ...(adminKey !== undefined && {
      adminKey: { sealed: await seal({ kind: 'gids-admin', cipher: '3des', octets: readHex(adminKey) }) },
    }),
  }
}

const isEightDigits = (hex: string) => (/^(3[0-9]){8}$/.test(hex) ? 'eight-digits' : 'other')

async function restart(
  tx: Tx,
  card: Card,
  conversation: Conversation,
  imported: ImportedSecrets | undefined,
): Promise<Conversation> {
  const meantFor = (purpose: Purpose) => findGeneration(tx, card.card_uuid, purpose)
  if (!('keyKind' in conversation)) {
    const { adminKey } = conversation
    const withGiven = imported?.adminKey ? { ...conversation, adminKey: withImported(adminKey) } : conversation
    return restartGids(withGiven, await meantFor('gids-admin'))
  }
  const { puk, managementKey } = conversation
  const withGiven = {
    ...conversation,
    ...(imported?.puk && { puk: withImported(puk) }),
    ...(imported?.managementKey && { managementKey: withImported(managementKey) }),
    imported: {
      form: imported?.puk?.form ?? conversation.imported.form,
      cipher: imported?.managementKey?.cipher ?? conversation.imported.cipher,
    },
  }
  return restartPiv(withGiven, { puk: await meantFor('puk'), managementKey: await meantFor('piv-9b') })
}

/** Why the card cannot be asked anything any more; undefined when it can. */
function findUnknown(conversation: Conversation) {
  if (!('keyKind' in conversation)) {
    return mayTry(conversation.adminKey) ? undefined : adminKeyUnknown(conversation)
  }
  if (!mayTry(conversation.managementKey)) return secretUnknown(conversation, 'key 9B')
  return mayTry(conversation.puk) ? undefined : secretUnknown(conversation, 'PUK')
}

/** The card was reset by its maker's tool, or another one is issued in its place: it has its factory's secrets. */
function asFactoryNew(conversation: Conversation, factoryAdminKey: FactoryAdminKey | undefined): Conversation {
  const { cardUuidHex, generation } = conversation
  if ('keyKind' in conversation) {
    const { managementGeneration } = conversation
    return startPiv({ cardUuidHex, generation, managementGeneration })
  }
  const { adminKey } = conversation
  return { ...conversation, adminKey: asFresh(adminKey, factoryKeysOf(factoryAdminKey, adminKey.limit)) }
}

/** What an earlier version of this program began: it knew the factory's secrets alone. */
function asOfThisVersion(conversation: Conversation): Conversation {
  if (isOfThisVersion(conversation)) return conversation
  const { cardUuidHex, generation } = conversation
  if ('keyKind' in conversation) {
    return startPiv({ cardUuidHex, generation, managementKey: FACTORY_9B, puk: FACTORY_PUK })
  }
  const { factoryKeys, triesLimit } = conversation as unknown as {
    factoryKeys: readonly ('counting' | 'zeros')[]
    triesLimit: number
  }
  return { step: 'start', cardUuidHex, generation, adminKey: startTries(factoryKeys, triesLimit) }
}
