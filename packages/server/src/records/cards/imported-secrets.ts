import type { BlockCipher } from '@unlatch/card'
import type { KeyOrder } from '../../ports/key-service.ts'
import type { PukRecord } from '../puk-records/puk-record.ts'
import type { Card } from './cards.ts'

/**
 * What another system gave a card, each sealed by the key service for this card and this purpose: kept until the card has
 * secrets of ours.
 */
export interface ImportedSecrets {
  readonly puk?: { readonly sealed: string; readonly form: PukRecord['form'] }
  readonly managementKey?: { readonly sealed: string; readonly cipher: BlockCipher }
  readonly adminKey?: { readonly sealed: string }
  /** Sealed as well: what the card refused is not taken a second time. */
  readonly refused?: readonly string[]
}

export const readImported = ({ imported_secrets }: Card): ImportedSecrets =>
  imported_secrets === null ? {} : (JSON.parse(imported_secrets) as ImportedSecrets)

/** As it stands in the row; null when there is nothing. */
export const writeImported = (secrets: ImportedSecrets): string | null =>
  Object.keys(secrets).length === 0 ? null : JSON.stringify(secrets)

/** The sealed secret that an order uses; undefined when it uses none. */
export function sealedOf(secrets: ImportedSecrets, order: KeyOrder): string | undefined {
  switch (order.kind) {
    case 'piv-change-puk':
      return order.from === 'imported' ? secrets.puk?.sealed : undefined
    case 'piv-answer-management-challenge':
      return order.by === 'imported' ? secrets.managementKey?.sealed : undefined
    case 'gids-answer-admin-challenge':
      return order.by === 'imported' ? secrets.adminKey?.sealed : undefined
    default:
      return undefined
  }
}

/** What the card refused is set aside: it is never sent again, and known when it is given again. */
export function setAsideRefused(
  { puk, managementKey, adminKey, refused = [] }: ImportedSecrets,
  is: { puk: boolean; managementKey: boolean; adminKey: boolean },
): ImportedSecrets {
  const aside = [is.puk && puk, is.managementKey && managementKey, is.adminKey && adminKey]
  const all = [...refused, ...aside.flatMap((secret) => (secret ? [secret.sealed] : []))]
  return {
    ...(puk && !is.puk && { puk }),
    ...(managementKey && !is.managementKey && { managementKey }),
    ...(adminKey && !is.adminKey && { adminKey }),
    ...(all.length > 0 && { refused: all }),
  }
}
