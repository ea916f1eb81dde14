import type { Migration } from 'kysely/migration'
import * as theCall from './0001-the-call.ts'
import * as operators from './0002-operators.ts'
import * as cardSecrets from './0003-card-secrets.ts'
import * as stations from './0004-stations.ts'
import * as fewerIndexes from './0005-fewer-indexes.ts'
import * as adminKeyContacts from './0006-admin-key-contacts.ts'
import * as tryApprovals from './0007-try-approvals.ts'
import * as pucDelivery from './0008-puc-delivery.ts'
import * as cardList from './0009-card-list.ts'
import * as people from './0010-people.ts'
import * as cardHolders from './0011-card-holders.ts'
import * as connectedUnblocks from './0012-connected-unblocks.ts'
import * as agents from './0013-agents.ts'
import * as operatorPin from './0014-operator-pin.ts'
import * as verifiedCallers from './0016-verified-callers.ts'
import * as personPasskeys from './0017-person-passkeys.ts'
import * as notices from './0018-notices.ts'
import * as releaseGuard from './0019-release-guard.ts'
import * as liveDesk from './0020-live-desk.ts'
import * as selfService from './0021-self-service.ts'
import * as askersAndNotices from './0022-askers-and-notices.ts'
import * as languages from './0023-languages.ts'
import * as holderSessions from './0024-holder-sessions.ts'
import * as caughtIncidents from './0025-caught-incidents.ts'

/** All migrations, in the order of their names. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-the-call': theCall,
  '0002-operators': operators,
  '0003-card-secrets': cardSecrets,
  '0004-stations': stations,
  '0005-fewer-indexes': fewerIndexes,
  '0006-admin-key-contacts': adminKeyContacts,
  '0007-try-approvals': tryApprovals,
  '0008-puc-delivery': pucDelivery,
  '0009-card-list': cardList,
  '0010-people': people,
  '0011-card-holders': cardHolders,
  '0012-connected-unblocks': connectedUnblocks,
  '0013-agents': agents,
  '0014-operator-pin': operatorPin,
  '0016-verified-callers': verifiedCallers,
  '0017-person-passkeys': personPasskeys,
  '0018-notices': notices,
  '0019-release-guard': releaseGuard,
  '0020-live-desk': liveDesk,
  '0021-self-service': selfService,
  '0022-askers-and-notices': askersAndNotices,
  '0023-languages': languages,
  '0024-holder-sessions': holderSessions,
  '0025-caught-incidents': caughtIncidents,
}
