import { type BlockCipher, concat, type Octets } from '@unlatch/card'
import { writeCommand, writeTlv } from '@unlatch/card/iso7816'
import { nodeCrypto as crypto } from '@unlatch/card/node-crypto'
import { ALGORITHM, changeReferenceDataCommand, KEY, pukOctets, REFERENCE } from '@unlatch/card/piv'
import { answerChallenge, deriveGidsAdminKey, derivePiv9bKey, derivePuk, SECRET_LABEL } from '@unlatch/card/unblock'
import type { ImportedSecret, KeyOrder, PukRef } from '../../ports/key-service.ts'

/** Commands that carry a secret of one card, whole: the only form in which a secret leaves. */

const FACTORY_PUK = '12345678'

/** The PUK of a generation, or the factory's: eight digits. */
export const pukOfCard = (master: Uint8Array, cardUuid: Uint8Array, puk: PukRef): string =>
  puk === 'factory' ? FACTORY_PUK : derivePuk(crypto, master, cardUuid, puk)

/** What the journal calls the secret that an order sets. */
export function labelOf(order: Extract<KeyOrder, { to: unknown }>): string {
  switch (order.kind) {
    case 'piv-change-puk':
      return SECRET_LABEL.puk
    case 'piv-set-management-key':
      return SECRET_LABEL.piv9b(order.cipher)
    case 'gids-load-admin-key':
      return SECRET_LABEL.gidsAdmin(order.cipher)
  }
}

/** Which imported secret an order uses; undefined when it uses none. */
export function importedKindOf(order: KeyOrder): (Pick<ImportedSecret, 'kind'> & { cipher?: BlockCipher }) | undefined {
  switch (order.kind) {
    case 'piv-change-puk':
      return order.from === 'imported' ? { kind: 'piv-puk' } : undefined
    case 'piv-answer-management-challenge':
      return order.by === 'imported' ? { kind: 'piv-9b', cipher: order.cipher } : undefined
    case 'gids-answer-admin-challenge':
      return order.by === 'imported' ? { kind: 'gids-admin', cipher: order.cipher } : undefined
    default:
      return undefined
  }
}

/** What an imported secret is sealed for. */
export function importedLabelOf({ kind, cipher }: Pick<ImportedSecret, 'kind'> & { cipher?: BlockCipher }): string {
  if (kind === 'piv-puk') return SECRET_LABEL.puk
  return kind === 'piv-9b' ? SECRET_LABEL.piv9b(cipher ?? '3des') : SECRET_LABEL.gidsAdmin(cipher ?? '3des')
}

/** @param imported - the opened secret, where the order uses one. */
export function writeKeyCommand(
  master: Uint8Array,
  cardUuid: Uint8Array,
  order: KeyOrder,
  imported: Uint8Array = new Uint8Array(0),
): Octets {
  switch (order.kind) {
    case 'piv-change-puk': {
      const from = order.from === 'imported' ? imported : pukOctets(pukOfCard(master, cardUuid, order.from))
      const to = pukOctets(pukOfCard(master, cardUuid, order.to))
      return writeCommand(changeReferenceDataCommand(REFERENCE.puk, from, to))
    }
    case 'piv-set-management-key': {
      const key = derivePiv9bKey(crypto, master, order.cipher, cardUuid, order.to)
      const data = concat(Uint8Array.of(ALGORITHM[order.cipher]), writeTlv(KEY.management, key))
      return writeCommand({ cla: 0x00, ins: 0xff, p1: 0xff, p2: 0xff, data })
    }
    case 'piv-answer-management-challenge': {
      const key = order.by === 'imported' ? imported : derivePiv9bKey(crypto, master, order.cipher, cardUuid, order.by)
      const data = writeResponse(answerChallenge(crypto, order.cipher, key, order.block))
      return writeCommand({ cla: 0x00, ins: 0x87, p1: ALGORITHM[order.cipher], p2: KEY.management, data })
    }
    case 'gids-load-admin-key': {
      const key = deriveGidsAdminKey(crypto, master, order.cipher, cardUuid, order.to)
      return writeCommand({ cla: 0x00, ins: 0xdb, p1: 0x3f, p2: 0xff, data: writeGidsKey(key) })
    }
    case 'gids-answer-admin-challenge': {
      const key =
        order.by === 'imported' ? imported : deriveGidsAdminKey(crypto, master, order.cipher, cardUuid, order.by)
      const data = writeResponse(answerChallenge(crypto, order.cipher, key, order.block))
      return writeCommand({ cla: 0x00, ins: 0x87, p1: 0x00, p2: 0x00, data })
    }
  }
}

const writeResponse = (response: Uint8Array) => writeTlv(0x7c, writeTlv(0x82, response))

/** A GIDS admin key as PUT DATA takes it, with its key check value. [GidsApplet] */
function writeGidsKey(key: Uint8Array): Octets {
  const checkValue = crypto.encryptBlocks('3des', key, new Uint8Array(8)).subarray(0, 3)
  const material = writeTlv(0xa5, writeTlv(0x87, key), writeTlv(0x88, checkValue))
  return writeTlv(0x70, writeTlv(0x84, Uint8Array.of(0x80)), material)
}
