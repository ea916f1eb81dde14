import { Readable } from 'node:stream'
import {
  type CeremonyOptions,
  type ConnectionTested,
  ENROLMENT_PATH,
  LARGEST_IMPORT,
  type ServerStatus,
  type Session,
  type SignedClientConfiguration,
  type WayBegun,
} from '@unlatch/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { searchDirectory, takeFromDirectory } from '../jobs/ask-directory.ts'
import { addOperatorCard } from '../operations/account/add-operator-card.ts'
import { addPasskey } from '../operations/account/add-passkey.ts'
import { beginOperatorCard } from '../operations/account/begin-operator-card.ts'
import { beginPasskey } from '../operations/account/begin-passkey.ts'
import { changePassword } from '../operations/account/change-password.ts'
import { endOwnSessions } from '../operations/account/end-own-sessions.ts'
import { removeOperatorCard } from '../operations/account/remove-operator-card.ts'
import { removePasskey } from '../operations/account/remove-passkey.ts'
import { addRole } from '../operations/administer/add-role.ts'
import { changeRole } from '../operations/administer/change-role.ts'
import { changeRoles } from '../operations/administer/change-roles.ts'
import { deleteRole } from '../operations/administer/delete-role.ts'
import { inviteOperator } from '../operations/administer/invite-operator.ts'
import { renewSetUpCode } from '../operations/administer/renew-set-up-code.ts'
import { revokeSessions } from '../operations/administer/revoke-sessions.ts'
import { setOperatorState } from '../operations/administer/set-operator-state.ts'
import { addAgent } from '../operations/agents/add-agent.ts'
import { changeAgent } from '../operations/agents/change-agent.ts'
import { enrolAgent } from '../operations/agents/enrol-agent.ts'
import { revokeAgent } from '../operations/agents/revoke-agent.ts'
import { addConnection } from '../operations/connections/add-connection.ts'
import { changeConnection } from '../operations/connections/change-connection.ts'
import { removeConnection } from '../operations/connections/remove-connection.ts'
import { beginConnectionTest } from '../operations/connections/test-connection.ts'
import { retryDelivery } from '../operations/deliver/retry-delivery.ts'
import { revealPuc } from '../operations/deliver/reveal-puc.ts'
import { changeDeskSettings } from '../operations/desk/change-settings.ts'
import { setThreatLevel } from '../operations/desk/set-threat-level.ts'
import { openDirectory } from '../operations/directory/open-directory.ts'
import { answerFourEyes, writeApprovalStatement } from '../operations/four-eyes/answer-four-eyes.ts'
import { askFourEyes, breakGlass } from '../operations/four-eyes/ask-four-eyes.ts'
import { rereadImport, startImport, stopImport } from '../operations/import/steer-import.ts'
import { uploadImport } from '../operations/import/upload-import.ts'
import { closeCaught } from '../operations/incidents/close-caught.ts'
import { closeIncident } from '../operations/incidents/close-incident.ts'
import { moveCard } from '../operations/lifecycle/move-card.ts'
import { moveCardsToVersion } from '../operations/lifecycle/move-cards-to-version.ts'
import { moveToVersion } from '../operations/lifecycle/move-to-version.ts'
import { endAttempt } from '../operations/live-desk/end-attempt.ts'
import { handOver } from '../operations/live-desk/hand-over.ts'
import { takeOver } from '../operations/live-desk/take-over.ts'
import { type Operation, perform, type World } from '../operations/operation.ts'
import { addPerson } from '../operations/people/add-person.ts'
import { changePerson } from '../operations/people/change-person.ts'
import { exportPeople } from '../operations/people/export-people.ts'
import { addIdentity, removeIdentity } from '../operations/people/identities.ts'
import { invitePasskey, removePersonPasskey } from '../operations/people/invite-passkey.ts'
import { removePerson } from '../operations/people/remove-person.ts'
import { beginProof } from '../operations/prove/begin-proof.ts'
import { declineProof } from '../operations/prove/decline-proof.ts'
import { finishProof } from '../operations/prove/finish-proof.ts'
import { issueCard } from '../operations/register/issue-card.ts'
import { orderIssuance } from '../operations/register/order-issuance.ts'
import { personaliseCard } from '../operations/register/personalise-card.ts'
import { registerCard } from '../operations/register/register-card.ts'
import { reissueCard } from '../operations/register/reissue-card.ts'
import { approveTry } from '../operations/rotate/approve-try.ts'
import { rotatePuk, touchCard } from '../operations/rotate/rotate-puk.ts'
import { beginSetUp } from '../operations/set-up/begin-set-up.ts'
import { checkSetUpCode } from '../operations/set-up/check-set-up-code.ts'
import { finishSetUp } from '../operations/set-up/finish-set-up.ts'
import { answerSigning } from '../operations/sign/answer-signing.ts'
import { askSigning } from '../operations/sign/ask-signing.ts'
import { cancelSigning } from '../operations/sign/cancel-signing.ts'
import { checkPassword } from '../operations/sign-in/check-password.ts'
import { signIn } from '../operations/sign-in/sign-in.ts'
import { signInWithPasskey } from '../operations/sign-in/sign-in-with-passkey.ts'
import { retryNotice } from '../operations/tell/plan-notice.ts'
import { answerNotice, readNotice } from '../operations/tell/read-notice.ts'
import { addTemplate, copyTemplate } from '../operations/templates/add-template.ts'
import { changeTemplate, lockTemplate } from '../operations/templates/change-template.ts'
import { checkChallenge } from '../operations/unblock/check-challenge.ts'
import { closeOpenOutcome } from '../operations/unblock/close-open-outcome.ts'
import { confirmUnblock } from '../operations/unblock/confirm.ts'
import { openUnblock } from '../operations/unblock/open-unblock.ts'
import { releaseCryptogram } from '../operations/unblock/release-cryptogram.ts'
import { reportUnblock } from '../operations/unblock/report.ts'
import { reportPuc } from '../operations/unblock/report-puc.ts'
import { writeOfflineStatement } from '../operations/unblock/write-offline-statement.ts'
import { askUnblock } from '../operations/unblock-connected/ask-unblock.ts'
import { authoriseUnblock } from '../operations/unblock-connected/authorise-unblock.ts'
import { cancelUnblock } from '../operations/unblock-connected/cancel-unblock.ts'
import { collectUnblock } from '../operations/unblock-connected/collect-unblock.ts'
import { dropUnblock } from '../operations/unblock-connected/drop-unblock.ts'
import { readyUnblock } from '../operations/unblock-connected/ready-unblock.ts'
import { reportConnected } from '../operations/unblock-connected/report-connected.ts'
import { writeOperatorStatement } from '../operations/unblock-connected/write-statement.ts'
import { answerApproval } from '../operations/verify/answer-approval.ts'
import { answerWay } from '../operations/verify/answer-way.ts'
import { attestWay } from '../operations/verify/attest-way.ts'
import { beginWay } from '../operations/verify/begin-way.ts'
import { openVerification } from '../operations/verify/open-verification.ts'
import type { Directory } from '../ports/directory.ts'
import type { WriteEvidenceSheet } from '../ports/evidence-sheet.ts'
import type { IdentityProvider } from '../ports/identity-provider.ts'
import { type Actor, ANYBODY } from '../records/actors.ts'
import { agentDetails, agentList } from '../records/agents/views.ts'
import {
  cardDetails,
  cardExport,
  cardFindings,
  cardHistory,
  cardList,
  registration,
  registrations,
} from '../records/cards/views.ts'
import { connectedProgress, connectedReaders, connectedUnblock } from '../records/connected-unblocks/views.ts'
import { allConnections } from '../records/connections/views.ts'
import { deskSettings, isThreatRaised } from '../records/desk/views.ts'
import { deskNumbers, deskNumbersFile } from '../records/desk-events/views.ts'
import { directories } from '../records/directories/views.ts'
import { fourEyesRequests } from '../records/four-eyes/views.ts'
import { importRows, oneImport, recentImports, wrongRows } from '../records/imports/views.ts'
import { incidentDeeds, incidentList, oneCaughtIncident, oneIncident } from '../records/incidents/views.ts'
import { colleagues, liveDesk, resumedAttempt } from '../records/live-desk/views.ts'
import { cardNotices } from '../records/notices/views.ts'
import { allOperators, operatorSessions, ownAccount } from '../records/operators/views.ts'
import { cardDeliveries } from '../records/outbox/views.ts'
import { writeAssertion } from '../records/passkeys/views.ts'
import { departments, findPeople, peopleFile, peopleList, personDetails } from '../records/people/views.ts'
import { personPasskeys } from '../records/person-passkeys/views.ts'
import { stations } from '../records/presence/views.ts'
import { allRoles } from '../records/roles/views.ts'
import { personIdentities } from '../records/self-service/views.ts'
import { giveChallenge } from '../records/sessions/challenges.ts'
import { signing } from '../records/signings/views.ts'
import { allTemplates, cardPinPolicy } from '../records/templates/views.ts'
import { unblockEvidence } from '../records/unblocks/views.ts'
import { cardVerification, ownApprovals } from '../records/verifications/views.ts'
import { look } from '../records/view.ts'
import { answerHello } from './agent-channel.ts'
import { writeCardFile } from './card-file.ts'
import { inputOf, openDoors, type Route } from './doors.ts'
import { readiness } from './health.ts'
import { holderRoutes } from './holder-routes.ts'
import { selfServiceRoutes } from './self-service-routes.ts'
import { beginPreSession, enter, findPreSession, leave } from './session.ts'

/** Answers with a CSV file that is written while it is sent. */
function sendFile(reply: FastifyReply, name: string, lines: AsyncIterable<string>): Readable {
  reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8')
  return Readable.from(lines)
}

/** The same, and where it comes from: what strangers try is counted by that. */
const inputFrom = (request: FastifyRequest): object => ({ ...inputOf(request), address: request.ip })

const sessionOf = ({ id, name, userName, permissions }: Actor): Session => {
  return { operator: { id, name, userName }, permissions: [...permissions] }
}

/** The whole API of the server. */
export function routes(
  world: World,
  server: {
    readonly folder: string
    readonly status: Omit<ServerStatus, 'isThreatRaised'>
    readonly clientConfiguration: () => Promise<SignedClientConfiguration>
    /** Sends a test by a connection, and says how it went. */
    readonly testConnection: (wish: object, actor: Actor) => Promise<ConnectionTested>
    /** Begins a way by which a caller proves who he is, and sends what it takes. */
    readonly sendCode: (wish: object, actor: Actor) => Promise<WayBegun>
    readonly directory: Directory
    readonly provider: IdentityProvider
    readonly writeEvidenceSheet: WriteEvidenceSheet
    /** The key with which somebody who is not enrolled yet signed. */
    readonly newcomerOf: (request: FastifyRequest) => string
  },
): Route[] {
  const { folder, status, clientConfiguration, testConnection, sendCode, newcomerOf } = server
  const { directory, provider, writeEvidenceSheet } = server
  const configured = world.settings.agents
  const doors = openDoors(world)
  const { change, read, ask } = doors
  /** A route that answers by itself. */
  const door = (
    method: Route['method'],
    path: string,
    demands: 'anybody' | 'signed-in',
    answer: Route['answer'],
  ): Route => ({ method, path, caller: demands === 'anybody' ? 'anybody' : 'operator', status: 200, demands, answer })
  /** What somebody without a session asks; counted by where he is. */
  const stranger = <I, P, C, R>(path: string, op: Operation<I, P, C, R>): Route => {
    return {
      ...door('POST', path, 'anybody', (request) => perform(op, world, inputFrom(request), ANYBODY)),
      asks: op.name,
    }
  }
  /** Whoever proves himself here is signed in. */
  const entrance = <I, P, C>(path: string, op: Operation<I, P, C, { operatorId: string }>): Route => ({
    ...door('POST', path, 'anybody', async (request, reply) => {
      const wish = { ...inputFrom(request), holder: findPreSession(request) }
      const { operatorId } = await perform(op, world, wish, ANYBODY)
      return sessionOf(await enter(world, request, reply, operatorId))
    }),
    asks: op.name,
  })
  return [
    door('GET', '/health/live', 'anybody', async () => ({ status: 'live' })),
    door('GET', '/health/ready', 'anybody', () => readiness(world, folder)),
    door('GET', '/api/status', 'anybody', async (): Promise<ServerStatus> => {
      return { ...status, isThreatRaised: await isThreatRaised(world.database.reads) }
    }),
    door('GET', '/api/client-configuration', 'anybody', clientConfiguration),

    entrance('/api/session', signIn),
    {
      ...door('POST', '/api/session/password', 'anybody', async (request, reply) => {
        const wish = { ...inputOf(request), holder: beginPreSession(world, reply) }
        return perform(checkPassword, world, wish, ANYBODY)
      }),
      asks: checkPassword.name,
    },
    door('POST', '/api/session/passkey-challenge', 'anybody', async (_, reply): Promise<CeremonyOptions> => {
      const wish = { holder: beginPreSession(world, reply), purpose: 'sign-in', operatorId: null } as const
      const challenge = await giveChallenge(world.database, { ...wish, now: world.clock.now() })
      return writeAssertion(world.settings, challenge)
    }),
    entrance('/api/session/passkey', signInWithPasskey),
    door('GET', '/api/session', 'signed-in', async (_request, _reply, actor) => sessionOf(actor)),
    {
      ...door('DELETE', '/api/session', 'signed-in', async (request, reply) => {
        await leave(world, request, reply)
        return null
      }),
      status: 204,
    },

    stranger('/api/set-up/code', checkSetUpCode),
    stranger('/api/set-up/passkey-challenge', beginSetUp),
    entrance('/api/set-up', finishSetUp),

    read('/api/account', ownAccount),
    change('operator', '/api/account/password', changePassword),
    change('operator', '/api/account/passkey-challenge', beginPasskey),
    change('operator', '/api/account/passkeys', addPasskey, 201),
    change('operator', '/api/account/passkey-removal', removePasskey),
    change('operator', '/api/account/operator-card-signing', beginOperatorCard, 201),
    change('operator', '/api/account/operator-cards', addOperatorCard, 201),
    change('operator', '/api/account/operator-card-removal', removeOperatorCard),
    change('operator', '/api/account/session-end', endOwnSessions),

    read('/api/operators', allOperators),
    change('operator', '/api/operators', inviteOperator, 201),
    read('/api/operators/:operatorId/sessions', operatorSessions),
    change('operator', '/api/operators/:operatorId/roles', changeRoles),
    change('operator', '/api/operators/:operatorId/state', setOperatorState),
    change('operator', '/api/operators/:operatorId/set-up-code', renewSetUpCode, 201),
    change('operator', '/api/operators/:operatorId/session-end', revokeSessions),
    read('/api/roles', allRoles),
    change('operator', '/api/roles', addRole, 201),
    change('operator', '/api/roles/:roleId', changeRole),
    change('operator', '/api/roles/:roleId/removal', deleteRole),

    read('/api/people', findPeople),
    change('operator', '/api/people', addPerson, 201),
    read('/api/people/:personId', personDetails(world.settings.allowsBareForm)),
    change('operator', '/api/people/:personId', changePerson),
    change('operator', '/api/people/:personId/removal', removePerson),
    read('/api/people-list', peopleList),
    read('/api/people-departments', departments),
    {
      ...read('/api/people-file', peopleFile),
      async answer(request, reply, actor) {
        await perform(exportPeople, world, inputOf(request), actor)
        const lines = await look(peopleFile, world, inputOf(request), actor)
        return sendFile(reply, 'people.csv', lines)
      },
    },

    {
      ...change('operator', '/api/people-imports', uploadImport, 201),
      largestFile: LARGEST_IMPORT,
      answer: (request, _, actor) => {
        const { fileName } = request.query as { fileName?: unknown }
        return perform(uploadImport, world, { fileName, octets: request.body }, actor)
      },
    },
    read('/api/people-imports', recentImports),
    read('/api/people-imports/:importId', oneImport),
    read('/api/people-imports/:importId/rows', importRows),
    {
      ...read('/api/people-imports/:importId/wrong-rows', wrongRows),
      answer: async (request, reply, actor) =>
        sendFile(reply, 'wrong-rows.csv', await look(wrongRows, world, inputOf(request), actor)),
    },
    change('operator', '/api/people-imports/:importId/reading', rereadImport),
    change('operator', '/api/people-imports/:importId/start', startImport),
    change('operator', '/api/people-imports/:importId/stop', stopImport),

    read('/api/directories', directories),
    {
      ...change('operator', '/api/directories/:connectionId/search', openDirectory),
      answer: (request, _, actor) => searchDirectory(world, directory, inputOf(request), actor),
    },
    {
      ...change('operator', '/api/directories/:connectionId/people', openDirectory),
      answer: (request, _, actor) => takeFromDirectory(world, directory, inputOf(request), actor),
    },

    read('/api/cards', cardList),
    {
      ...read('/api/card-file', cardExport),
      answer: async (request, reply, actor) => {
        const pages = await look(cardExport, world, inputOf(request), actor)
        reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="cards.csv"')
        return Readable.from(writeCardFile(pages))
      },
    },
    read('/api/cards/:cardId', cardDetails),
    read('/api/cards/:cardId/history', cardHistory),
    read('/api/card-findings', cardFindings),

    read('/api/unblocks/:unblockId/evidence', unblockEvidence),
    {
      ...read('/api/unblocks/:unblockId/evidence-sheet', unblockEvidence),
      async answer(request, reply, actor) {
        const evidence = await look(unblockEvidence, world, inputOf(request), actor)
        const file = `attachment; filename="unblock-${evidence.unblockId}.pdf"`
        reply.type('application/pdf').header('content-disposition', file)
        return writeEvidenceSheet(evidence, world.settings.organisation)
      },
    },
    change('operator', '/api/unblocks', openUnblock, 201),
    change('operator', '/api/unblocks/:unblockId/challenge-check', checkChallenge),
    change('operator', '/api/unblocks/:unblockId/statement', writeOfflineStatement, 201),
    change('operator', '/api/unblocks/:unblockId/cryptogram', releaseCryptogram, 201),
    change('operator', '/api/unblocks/:unblockId/outcome', confirmUnblock),
    change('operator', '/api/cards/:cardId/outcome', closeOpenOutcome),
    change('operator', '/api/cards/:cardId/try-approval', approveTry),
    change('operator', '/api/cards/:cardId/state', moveCard),
    change('operator', '/api/cards/:cardId/template-version', moveToVersion),

    read('/api/cards/:cardId/verification', cardVerification),
    change('operator', '/api/verifications', openVerification, 201),
    {
      ...change('operator', '/api/verifications/:verificationId/ways', beginWay, 201),
      answer: (request, _, actor) => sendCode(inputOf(request), actor),
    },
    change('operator', '/api/verifications/:verificationId/sightings', attestWay, 201),
    change('operator', '/api/verifications/:verificationId/ways/:wayId/answer', answerWay),
    stranger('/api/proof/code', beginProof),
    stranger('/api/proof', finishProof),
    stranger('/api/proof/refusal', declineProof),
    read('/api/people/:personId/passkeys', personPasskeys),
    change('operator', '/api/people/:personId/passkey-invitation', invitePasskey, 201),
    change('operator', '/api/people/:personId/passkey-removal', removePersonPasskey),

    read('/api/four-eyes', fourEyesRequests),
    change('operator', '/api/verifications/:verificationId/four-eyes', askFourEyes, 201),
    change('operator', '/api/verifications/:verificationId/broken-glass', breakGlass, 201),
    change('operator', '/api/four-eyes/:approvalId/statement', writeApprovalStatement, 201),
    change('operator', '/api/four-eyes/:approvalId', answerFourEyes),
    change('operator', '/api/threat-level', setThreatLevel),
    read('/api/desk', deskSettings(world.settings)),
    change('operator', '/api/desk', changeDeskSettings),
    read('/api/cards/:cardId/notices', cardNotices),
    change('operator', '/api/notices/:noticeId/retry', retryNotice),
    stranger('/api/not-me/notice', readNotice),
    stranger('/api/not-me/answer', answerNotice),
    read('/api/incidents', incidentList),
    read('/api/incidents/:incidentId', oneIncident),
    read('/api/incidents/:incidentId/deeds', incidentDeeds),
    change('operator', '/api/incidents/:incidentId/closing', closeIncident),
    read('/api/caught-incidents/:incidentId', oneCaughtIncident),
    change('operator', '/api/caught-incidents/:incidentId/closing', closeCaught),
    read('/api/live-desk', liveDesk),
    read('/api/live-desk/colleagues', colleagues),
    read('/api/cards/:cardId/attempt', resumedAttempt),
    change('operator', '/api/live-desk/:attemptId/hand-over', handOver),
    change('operator', '/api/live-desk/:attemptId/take-over', takeOver),
    change('operator', '/api/live-desk/:attemptId/end', endAttempt),
    read('/api/desk-numbers', deskNumbers),
    {
      ...read('/api/desk-numbers-file', deskNumbersFile),
      answer: async (request, reply, actor) =>
        sendFile(reply, 'help-desk.csv', await look(deskNumbersFile, world, inputOf(request), actor)),
    },

    read('/api/approvals', ownApprovals),
    change('operator', '/api/approvals/:wayId', answerApproval),

    change('operator', '/api/signings', askSigning, 201),
    read('/api/signings/:signingId', signing(world.agents)),
    change('operator', '/api/signings/:signingId/cancellation', cancelSigning),
    read('/api/connected-readers', connectedReaders(world.agents)),
    change('operator', '/api/connected-unblocks', askUnblock, 201),
    read('/api/connected-unblocks/:unblockId', connectedUnblock),
    change('operator', '/api/connected-unblocks/:unblockId/statement', writeOperatorStatement, 201),
    change('operator', '/api/connected-unblocks/:unblockId/signature', authoriseUnblock),
    change('operator', '/api/connected-unblocks/:unblockId/cancellation', cancelUnblock),

    read('/api/card-templates', allTemplates),
    change('operator', '/api/card-templates', addTemplate, 201),
    change('operator', '/api/card-templates/:templateId', changeTemplate),
    change('operator', '/api/card-templates/:templateId/lock', lockTemplate),
    change('operator', '/api/card-templates/:templateId/copy', copyTemplate, 201),
    change('operator', '/api/card-templates/:templateId/card-move', moveCardsToVersion),

    read('/api/connections', allConnections),
    change('operator', '/api/connections', addConnection, 201),
    change('operator', '/api/connections/:connectionId', changeConnection),
    {
      ...change('operator', '/api/connections/:connectionId/test', beginConnectionTest),
      answer: (request, _, actor) => testConnection(inputOf(request), actor),
    },
    change('operator', '/api/connections/:connectionId/removal', removeConnection),

    read('/api/agents', agentList(world.agents, configured)),
    change('operator', '/api/agents', addAgent, 201),
    read('/api/agents/:agentId', agentDetails(world.agents, configured)),
    change('operator', '/api/agents/:agentId', changeAgent),
    change('operator', '/api/agents/:agentId/revocation', revokeAgent),
    {
      ...door('POST', ENROLMENT_PATH, 'anybody', async (request) => {
        const wish = { ...inputFrom(request), publicKeyHex: newcomerOf(request) }
        return perform(enrolAgent, world, wish, ANYBODY)
      }),
      asks: enrolAgent.name,
    },

    read('/api/cards/:cardId/deliveries', cardDeliveries),
    change('operator', '/api/deliveries/:deliveryId/retry', retryDelivery),
    change('operator', '/api/cards/:cardId/puc', revealPuc),

    ...holderRoutes(doors),
    ...selfServiceRoutes(doors, world, { directory, provider }),
    read('/api/people/:personId/identities', personIdentities),
    change('operator', '/api/people/:personId/identities', addIdentity, 201),
    change('operator', '/api/people/:personId/identities/:identityId/removal', removeIdentity),

    read('/api/stations', stations(world.agents)),
    read('/api/registrations', registrations),
    read('/api/registrations/:cardId', registration(world.agents)),
    change('operator', '/api/registrations', registerCard, 201),
    change('operator', '/api/registrations/:cardId/holder', reissueCard),
    change('operator', '/api/registrations/:cardId/issuance', orderIssuance, 202),

    {
      method: 'POST',
      path: '/api/hello',
      caller: 'agent',
      status: 200,
      demands: 'agent:report',
      answer: async (request, _, actor) => answerHello(world, request.body, actor, status.version),
    },
    ask('/api/pin-policy', cardPinPolicy),
    ask('/api/connected-unblocks/:unblockId/progress', connectedProgress),
    change('agent', '/api/connected-unblocks/:unblockId/readiness', readyUnblock),
    change('agent', '/api/connected-unblocks/:unblockId/collection', collectUnblock),
    change('agent', '/api/connected-unblocks/:unblockId/outcome', reportConnected),
    change('agent', '/api/connected-unblocks/:unblockId/drop', dropUnblock),
    change('agent', '/api/signings/:signingId/answer', answerSigning),
    change('agent', '/api/reports', reportUnblock),
    change('agent', '/api/puc-reports', reportPuc),
    change('agent', '/api/cards', registerCard, 201),
    change('agent', '/api/cards/:cardId/holder', reissueCard),
    change('agent', '/api/cards/:cardId/issuance', issueCard),
    change('agent', '/api/cards/:cardId/personalisation', personaliseCard),
    change('agent', '/api/contacts', touchCard),
    change('agent', '/api/cards/:cardId/rotation', rotatePuk),
  ]
}
