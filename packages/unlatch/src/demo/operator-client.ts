import {
  type AddConnection,
  type AddTemplate,
  AskedUnblock,
  type AskUnblock,
  ChallengeVerdict,
  ConnectedReaders,
  ConnectedUnblock,
  ConnectionAdded,
  Cryptogram,
  Deliveries,
  DirectoryFound,
  findProblemCode,
  type OperatorSignature,
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
  UnblockOutcomeView,
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
    return Unblock.parse(await this.#ask('POST', '/api/unblocks', { cardId }))
  }

  async checkChallenge(unblockId: string, challenge: string): Promise<ChallengeVerdict> {
    return ChallengeVerdict.parse(await this.#ask('POST', `/api/unblocks/${unblockId}/challenge-check`, { challenge }))
  }

  /** What asks for a cryptogram, confirmed with the password as the demo allows. */
  async signRelease(unblockId: string, body: object): Promise<object> {
    const asked = await this.#ask('POST', `/api/unblocks/${unblockId}/statement`, body)
    const { nonce } = StatementToSign.parse(asked).statement
    const signed = { nonce, signature: { kind: 'password', password: this.#password } }
    return { ...body, signed }
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

  /** Sends a real message to an address. */
  async testConnection(connectionId: string, to: string): Promise<void> {
    await this.#ask('POST', `/api/connections/${connectionId}/test`, { to })
  }

  /** People of a directory whose name, user name or mail begins like this. */
  async searchDirectory(connectionId: string, search: string): Promise<DirectoryFound> {
    return DirectoryFound.parse(await this.#ask('POST', `/api/directories/${connectionId}/search`, { search }))
  }

  async addTemplate(wish: AddTemplate): Promise<{ id: string }> {
    return TemplateAdded.parse(await this.#ask('POST', '/api/card-templates', wish))
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
