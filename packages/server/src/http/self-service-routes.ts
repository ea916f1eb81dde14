import { beginElsewhere, finishIdentity } from '../jobs/ask-identity.ts'
import { checkLogon } from '../jobs/check-logon.ts'
import type { World } from '../operations/operation.ts'
import { answerOneTimePassword } from '../operations/self-service/answer-one-time-password.ts'
import { answerUnblockCode } from '../operations/self-service/answer-unblock-code.ts'
import { beginSelfServiceWay } from '../operations/self-service/begin-way.ts'
import { openIdentity } from '../operations/self-service/check-identity.ts'
import { beginLogon } from '../operations/self-service/check-logon.ts'
import { giveUnblockCodes } from '../operations/self-service/give-unblock-codes.ts'
import { openSelfService } from '../operations/self-service/open-self-service.ts'
import { proveSelfService } from '../operations/self-service/prove-self-service.ts'
import { releaseSelfService } from '../operations/self-service/release-self-service.ts'
import type { Directory } from '../ports/directory.ts'
import type { IdentityProvider } from '../ports/identity-provider.ts'
import { selfServiceOffer, selfServiceProgress } from '../records/self-service/views.ts'
import { type Doors, inputOf, type Route } from './doors.ts'

/** What a holder's agent asks when he unblocks his card himself, and the codes that an operator gives for it. */
export function selfServiceRoutes(
  { change, ask }: Doors,
  world: World,
  { directory, provider }: { readonly directory: Directory; readonly provider: IdentityProvider },
): Route[] {
  const at = '/api/self-service/:unblockId'
  return [
    ask('/api/self-service/offer', selfServiceOffer),
    change('agent', '/api/self-service', openSelfService, 201),
    change('agent', `${at}/proof`, proveSelfService),
    ask(`${at}/progress`, selfServiceProgress),
    {
      ...change('agent', `${at}/password`, beginLogon),
      answer: (request, _, actor) => checkLogon(world, directory, inputOf(request), actor),
    },
    change('agent', `${at}/unblock-code`, answerUnblockCode),
    change('agent', `${at}/one-time-password`, answerOneTimePassword),
    {
      ...change('agent', `${at}/way`, beginSelfServiceWay),
      answer: (request, _, actor) => beginElsewhere(world, provider, inputOf(request), actor),
    },
    {
      ...change('agent', `${at}/identity`, openIdentity),
      answer: (request, _, actor) => finishIdentity(world, provider, inputOf(request), actor),
    },
    change('agent', `${at}/release`, releaseSelfService),
    change('operator', '/api/cards/:cardId/unblock-codes', giveUnblockCodes, 201),
  ]
}
