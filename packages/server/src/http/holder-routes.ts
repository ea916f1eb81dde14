import {
  addOneTimePassword,
  confirmOwnOneTimePassword,
  removeOneTimePassword,
} from '../operations/holder/one-time-passwords.ts'
import { closeHolderSession, openHolderSession, proveHolderSession } from '../operations/holder/open-session.ts'
import { inviteOwnPasskey, removeOwnPasskey } from '../operations/holder/passkeys.ts'
import { holderCards, holderSignIn } from '../records/holder-sessions/views.ts'
import type { Doors, Route } from './doors.ts'

/** What a holder's agent asks for My Smartcard, with a card that works. */
export function holderRoutes({ change, ask }: Doors): Route[] {
  const at = '/api/holder/:sessionId'
  return [
    change('agent', '/api/holder', openHolderSession, 201),
    change('agent', `${at}/proof`, proveHolderSession),
    ask(`${at}/cards`, holderCards),
    ask(`${at}/sign-in`, holderSignIn),
    change('agent', `${at}/one-time-passwords`, addOneTimePassword, 201),
    change('agent', `${at}/one-time-passwords/:oneTimePasswordId/confirmation`, confirmOwnOneTimePassword),
    change('agent', `${at}/one-time-passwords/:oneTimePasswordId/removal`, removeOneTimePassword),
    change('agent', `${at}/passkey-invitation`, inviteOwnPasskey, 201),
    change('agent', `${at}/passkey-removal`, removeOwnPasskey),
    change('agent', `${at}/end`, closeHolderSession),
  ]
}
