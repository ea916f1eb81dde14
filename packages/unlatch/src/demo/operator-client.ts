import {
  type AddConnection,
  type AddTemplate,
  AskedUnblock,
  type AskUnblock,
  ChallengeVerdict,
  type ChangeConnection,
  type ChangeDeskSettings,
  ConnectedReaders,
  ConnectedUnblock,
  ConnectionAdded,
  Connections,
  Cryptogram,
  Deliveries,
  DeskView,
  DirectoryFound,
  FourEyesAsked,
  FourEyesRequests,
  findProblemCode,
  IncidentClosed,
  Incidents,
  type OperatorSignature,
  PasskeyInvited,
  PeopleFound,
  PersonDetails,
  Problem,
  type ProblemDocument,
  Session,
  Signing,
  SigningAsked,
  StatementToSign,
  TemplateAdded,
  Unblock,
  UnblockCodes,
  UnblockOutcomeView,
  VerificationOpened,
  VerificationView,
  type VerifiedProcedure,
  WayBegun,
} from '@unlatch/contract'

/** Where an operator's card is. */
export interface SigningPlace {
  readonly agentId: string
  readonly reader: string
}

/** An operator at the console's API, for scripts: the same requests that the pages send. */
export class OperatorClient {
  readonly #url: string
  #cookie = ''
  #password = ''
  /** Which card an unblock is about. */
  readonly #cards = new Map<string, string>()

  constructor(url: string) {
    this.#url = url
  }

  async signIn(userName: string, password: string): Promise<Session> {
    const session = Session.parse(await this.#ask('POST', '/api/session', { userName, password }))
    this.#password = password
    return session
  }

  async findPeople(search: string): Promise<PeopleFound> {
    return PeopleFound.parse(await this.#ask('GET', `/api/people?search=${encodeURIComponent(search)}`))
  }

  async person(id: string): Promise<PersonDetails> {
    return PersonDetails.parse(await this.#ask('GET', `/api/people/${id}`))
  }

  async openUnblock(cardId: string): Promise<Unblock> {
    const unblock = Unblock.parse(await this.#ask('POST', '/api/unblocks', { cardId }))
    this.#cards.set(unblock.id, cardId)
    return unblock
  }

  async checkChallenge(unblockId: string, challenge: string): Promise<ChallengeVerdict> {
    return ChallengeVerdict.parse(await this.#ask('POST', `/api/unblocks/${unblockId}/challenge-check`, { challenge }))
  }

  /** How the holder of a card stands. */
  async verification(cardId: string, procedure: VerifiedProcedure): Promise<VerificationView> {
    return VerificationView.parse(await this.#ask('GET', `/api/cards/${cardId}/verification?procedure=${procedure}`))
  }

  /** Sees the holder of a card in person, with a document, where nothing else was done to verify him. */
  async verifyInPerson(cardId: string, procedure: VerifiedProcedure): Promise<void> {
    const { open } = await this.verification(cardId, procedure)
    if (open?.isMet && open.usesLeft > 0) return
    const id = await this.openVerification(cardId, procedure)
    const seen = { way: 'in-person', document: 'identity-card', isSameFace: true }
    await this.#ask('POST', `/api/verifications/${id}/sightings`, seen)
  }

  async openVerification(cardId: string, procedure: VerifiedProcedure): Promise<string> {
    return VerificationOpened.parse(await this.#ask('POST', '/api/verifications', { cardId, procedure })).id
  }

  /** Ends an attempt: an unblock, or a verification that led to none. */
  async endAttempt(attemptId: string): Promise<void> {
    await this.#ask('POST', `/api/live-desk/${attemptId}/end`, {})
  }

  /** Begins a way by which a caller proves who he is. */
  async beginWay(verificationId: string, wish: object): Promise<WayBegun> {
    return WayBegun.parse(await this.#ask('POST', `/api/verifications/${verificationId}/ways`, wish))
  }

  /** What the caller reads back. */
  async answerWay(verificationId: string, wayId: string, said: string): Promise<void> {
    await this.#ask('POST', `/api/verifications/${verificationId}/ways/${wayId}/answer`, { said })
  }

  /** Asks a second operator. */
  async askFourEyes(verificationId: string, note: string): Promise<string> {
    return FourEyesAsked.parse(await this.#ask('POST', `/api/verifications/${verificationId}/four-eyes`, { note })).id
  }

  async fourEyesRequests(): Promise<FourEyesRequests['requests']> {
    return FourEyesRequests.parse(await this.#ask('GET', '/api/four-eyes')).requests
  }

  /** Approves as the second operator, with the password as the demo allows. */
  async approve(approvalId: string): Promise<void> {
    const path = `/api/four-eyes/${approvalId}`
    const { nonce } = StatementToSign.parse(await this.#ask('POST', `${path}/statement`, {})).statement
    const signed = { nonce, signature: { kind: 'password', password: this.#password } }
    await this.#ask('POST', path, { signed })
  }

  /** What asks for a cryptogram, confirmed with the password as the demo allows. */
  async signRelease(unblockId: string, body: object): Promise<object> {
    const cardId = this.#cards.get(unblockId)
    if (cardId !== undefined) await this.verifyInPerson(cardId, 'telephone')
    const { nonce } = (await this.writeOfflineStatement(unblockId, body)).statement
    const signed = { nonce, signature: { kind: 'password', password: this.#password } }
    return { ...body, signed }
  }

  async writeOfflineStatement(unblockId: string, body: object): Promise<StatementToSign> {
    return StatementToSign.parse(await this.#ask('POST', `/api/unblocks/${unblockId}/statement`, body))
  }

  /** Asks for the cryptogram; signs first where that was not done. */
  async releaseCryptogram(unblockId: string, body: object): Promise<Cryptogram> {
    const wish = 'signed' in body ? body : await this.signRelease(unblockId, body)
    return Cryptogram.parse(await this.#ask('POST', `/api/unblocks/${unblockId}/cryptogram`, wish))
  }

  async confirm(unblockId: string, body: { receipt?: string; told?: string }): Promise<UnblockOutcomeView> {
    return UnblockOutcomeView.parse(await this.#ask('POST', `/api/unblocks/${unblockId}/outcome`, body))
  }

  async connectedReaders(): Promise<ConnectedReaders> {
    return ConnectedReaders.parse(await this.#ask('GET', '/api/connected-readers'))
  }

  async askUnblock(wish: AskUnblock): Promise<string> {
    await this.verifyInPerson(wish.cardId, 'connected')
    return AskedUnblock.parse(await this.#ask('POST', '/api/connected-unblocks', wish)).id
  }

  async connectedUnblock(id: string): Promise<ConnectedUnblock> {
    return ConnectedUnblock.parse(await this.#ask('GET', `/api/connected-unblocks/${id}`))
  }

  async writeStatement(id: string): Promise<StatementToSign> {
    return StatementToSign.parse(await this.#ask('POST', `/api/connected-unblocks/${id}/statement`, {}))
  }

  async sign(id: string, nonce: string, signature: OperatorSignature): Promise<void> {
    await this.#ask('POST', `/api/connected-unblocks/${id}/signature`, { nonce, signature })
  }

  async cancelUnblock(id: string): Promise<void> {
    await this.#ask('POST', `/api/connected-unblocks/${id}/cancellation`, {})
  }

  /** Asks a card of the operator to sign that it becomes his. */
  async beginOperatorCard(place: SigningPlace): Promise<string> {
    const wish = { password: this.#password, ...place }
    return SigningAsked.parse(await this.#ask('POST', '/api/account/operator-card-signing', wish)).signingId
  }

  async addOperatorCard(signingId: string, label: string): Promise<void> {
    await this.#ask('POST', '/api/account/operator-cards', { signingId, label })
  }

  /** Asks a card of the operator to sign a statement. */
  async askSigning(wish: SigningPlace & { unblockId: string; nonce: string }): Promise<string> {
    return SigningAsked.parse(await this.#ask('POST', '/api/signings', wish)).signingId
  }

  async signing(id: string): Promise<Signing> {
    return Signing.parse(await this.#ask('GET', `/api/signings/${id}`))
  }

  async addConnection(wish: AddConnection): Promise<{ id: string }> {
    return ConnectionAdded.parse(await this.#ask('POST', '/api/connections', wish))
  }

  async connections(): Promise<Connections> {
    return Connections.parse(await this.#ask('GET', '/api/connections'))
  }

  async changeConnection({ connectionId, ...wish }: ChangeConnection): Promise<void> {
    await this.#ask('POST', `/api/connections/${connectionId}`, wish)
  }

  async deskSettings(): Promise<DeskView> {
    return DeskView.parse(await this.#ask('GET', '/api/desk'))
  }

  async changeDesk(wish: ChangeDeskSettings): Promise<void> {
    await this.#ask('POST', '/api/desk', wish)
  }

  /** Sends a real message to an address. */
  async testConnection(connectionId: string, to: string): Promise<void> {
    await this.#ask('POST', `/api/connections/${connectionId}/test`, { to })
  }

  /** People of a directory whose name, user name or mail begins like this. */
  async searchDirectory(connectionId: string, search: string): Promise<DirectoryFound> {
    return DirectoryFound.parse(await this.#ask('POST', `/api/directories/${connectionId}/search`, { search }))
  }

  /** People out of a directory, by what names their entries for ever. */
  async takePeople(connectionId: string, keys: readonly string[]): Promise<void> {
    await this.#ask('POST', `/api/directories/${connectionId}/people`, { keys })
  }

  async addTemplate(wish: AddTemplate): Promise<{ id: string }> {
    return TemplateAdded.parse(await this.#ask('POST', '/api/card-templates', wish))
  }

  /** Lets a person who is here, with a passport, add a passkey; the invitation that they type. */
  async invitePasskey(personId: string): Promise<string> {
    const body = { document: 'passport', isSameFace: true }
    return PasskeyInvited.parse(await this.#ask('POST', `/api/people/${personId}/passkey-invitation`, body)).code
  }

  /** An unblock code for a verified holder, or a sheet of them. */
  async giveUnblockCodes(cardId: string, kind: 'spoken' | 'sheet'): Promise<UnblockCodes> {
    return UnblockCodes.parse(await this.#ask('POST', `/api/cards/${cardId}/unblock-codes`, { kind }))
  }

  async incidents(): Promise<Incidents['incidents']> {
    return Incidents.parse(await this.#ask('GET', '/api/incidents')).incidents
  }

  async closeIncident(incidentId: string, wish: object): Promise<IncidentClosed> {
    return IncidentClosed.parse(await this.#ask('POST', `/api/incidents/${incidentId}/closing`, wish))
  }

  async deliveries(cardId: string): Promise<Deliveries> {
    return Deliveries.parse(await this.#ask('GET', `/api/cards/${cardId}/deliveries`))
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(new URL(path, this.#url), {
      method,
      headers: { cookie: this.#cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const cookie = response.headers.getSetCookie().find((line) => line.startsWith('unlatch-session='))
    if (cookie) this.#cookie = cookie.split(';')[0] ?? ''
    if (response.ok) return response.json()
    const document = (await response.json()) as ProblemDocument
    const code = findProblemCode(document)
    if (!code) throw new Error(`${method} ${path}: ${response.status} ${document.title}`)
    throw new Problem(code, document.detail === undefined ? {} : { detail: document.detail })
  }
}
