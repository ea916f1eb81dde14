import {
  Authenticate,
  AuthenticateElsewhere,
  ChangePin,
  ConfirmOneTimeCode,
  DeclineSigning,
  EnterCryptogram,
  InsertCard,
  OpenHolder,
  Problem,
  RemoveHolderPasskey,
  RemoveOwnOneTimePassword,
  type ScreenState,
  SetNewPin,
  SetPinWithPuc,
  SetUpOneTimePassword,
  SIGNED_IN_PATH,
  SignedInElsewhere,
  SignWithCard,
} from '@unlatch/contract'
import type { VirtualReaderPanel } from './screen-tools.ts'
import type { UnblockScreen } from './unblock-screen.ts'

/**
 * What a page asks of the screen: in the same process, or from a helper in somebody's session to the agent that is a service.
 * What a person types is sealed for the screen in either case.
 */
export interface ScreenDoor {
  /** The state once it is newer than `after`, or as it stands when `signal` fires. */
  state(after: number, signal: AbortSignal): Promise<ScreenState>
  /** @throws Problem `input-invalid`, and as the screen does. */
  act(action: ScreenAction, body: unknown): Promise<void>
}

/** What can be done, as paths. */
export const SCREEN_ACTIONS = [
  '/unblock/begin',
  '/unblock/begin-with-puc',
  '/unblock/begin-self-service',
  '/unblock/again',
  '/unblock/accept',
  '/unblock/decline',
  '/unblock/cryptogram',
  '/unblock/new-pin',
  '/unblock/puc',
  '/unblock/authenticate',
  '/unblock/authenticate-elsewhere',
  '/unblock/signed-in',
  '/pin/change',
  '/holder/open',
  '/holder/earlier',
  '/holder/refresh',
  '/holder/one-time-password',
  '/holder/one-time-password/confirmation',
  '/holder/one-time-password/removal',
  '/holder/passkey-invitation',
  '/holder/passkey-removal',
  '/holder/leave',
  '/sign',
  '/sign/decline',
  '/sign/dismissal',
  '/reader/insert',
  '/reader/remove',
] as const
export type ScreenAction = (typeof SCREEN_ACTIONS)[number]

/** The door of a screen in this process. */
export function openScreenDoor(screen: UnblockScreen, panel: VirtualReaderPanel | undefined): ScreenDoor {
  const expectPanel = () => {
    if (!panel) throw new Problem('not-found')
    return panel
  }
  const acts: Record<ScreenAction, (body: unknown) => Promise<void>> = {
    '/unblock/begin': () => screen.begin(),
    '/unblock/begin-with-puc': () => screen.beginWithPuc(),
    '/unblock/begin-self-service': () => screen.beginSelfService(),
    async '/unblock/authenticate'(body) {
      const { attemptId, way, sealed } = parse(Authenticate, body)
      await screen.authenticate(attemptId, way, screen.seal.open(sealed, attemptId, 'authentication'))
    },
    async '/unblock/authenticate-elsewhere'(body) {
      const { attemptId, way, origin } = parse(AuthenticateElsewhere, body)
      const wish = way === 'passkey' ? { way } : { way, redirectUri: origin + SIGNED_IN_PATH }
      await screen.authenticateElsewhere(attemptId, wish)
    },
    '/unblock/signed-in': (body) => screen.finishIdentityProvider(parse(SignedInElsewhere, body).query),
    '/unblock/again': () => screen.again(),
    '/unblock/accept': () => screen.accept(),
    '/unblock/decline': () => screen.decline(),
    async '/unblock/cryptogram'(body) {
      const { attemptId, sealed } = parse(EnterCryptogram, body)
      const typed = screen.seal.open(sealed, attemptId, 'cryptogram')
      try {
        await screen.enterCryptogram(attemptId, typed)
      } finally {
        typed.fill(0)
      }
    },
    async '/unblock/new-pin'(body) {
      const { attemptId, sealed, consent } = parse(SetNewPin, body)
      await screen.setNewPin(attemptId, screen.seal.open(sealed, attemptId, 'new-pin'), consent)
    },
    async '/unblock/puc'(body) {
      const { attemptId, puc, sealed, consent } = parse(SetPinWithPuc, body)
      const secrets = {
        puc: screen.seal.open(puc, attemptId, 'puc'),
        newPin: screen.seal.open(sealed, attemptId, 'new-pin'),
      }
      await screen.setPinWithPuc(attemptId, secrets, consent)
    },
    async '/pin/change'(body) {
      const { changeId, current, sealed, consent } = parse(ChangePin, body)
      const pins = {
        current: screen.seal.open(current, changeId, 'current-pin'),
        replacement: screen.seal.open(sealed, changeId, 'new-pin'),
      }
      await screen.changePin(changeId, pins, consent)
    },
    async '/holder/open'(body) {
      const { changeId, sealed, consent } = parse(OpenHolder, body)
      await screen.openHolder(changeId, screen.seal.open(sealed, changeId, 'holder-pin'), consent)
    },
    '/holder/earlier': () => screen.holder.earlier(),
    '/holder/refresh': () => screen.holder.refresh(),
    '/holder/one-time-password': async (body) => screen.holder.setUp(parse(SetUpOneTimePassword, body)),
    async '/holder/one-time-password/confirmation'(body) {
      const { oneTimePasswordId, sealed } = parse(ConfirmOneTimeCode, body)
      await screen.holder.confirm(oneTimePasswordId, screen.seal.open(sealed, oneTimePasswordId, 'authentication'))
    },
    '/holder/one-time-password/removal': async (body) =>
      screen.holder.removeOneTimePassword(parse(RemoveOwnOneTimePassword, body).oneTimePasswordId),
    '/holder/passkey-invitation': () => screen.holder.invitePasskey(),
    '/holder/passkey-removal': async (body) => screen.holder.removePasskey(parse(RemoveHolderPasskey, body).passkeyId),
    '/holder/leave': async () => screen.holder.leave(),
    async '/sign'(body) {
      const { signId, pin, consent } = parse(SignWithCard, body)
      await screen.desk.enterPin(signId, screen.seal.open(pin, signId, 'operator-pin'), consent)
    },
    '/sign/decline': async (body) => screen.desk.decline(parse(DeclineSigning, body).signId),
    '/sign/dismissal': async () => screen.desk.dismiss(),
    '/reader/insert': async (body) => expectPanel().insert(parse(InsertCard, body).cardId),
    '/reader/remove': async () => expectPanel().remove(),
  }
  return {
    state: (after, signal) => screen.state(after, signal),
    act: (action, body) => acts[action](body),
  }
}

/** @throws Problem `input-invalid`. */
export function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  body: unknown,
): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Problem('input-invalid')
  return parsed.data
}
