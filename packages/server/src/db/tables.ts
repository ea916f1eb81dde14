import type { Generated } from 'kysely'

/**
 * The tables, as Kysely sees them. Ids are text, times ISO 8601 in UTC as text, booleans 0 or 1, octets upper-case
 * hexadecimal, structured values JSON as text: the same on both databases.
 */
export interface Tables {
  people: {
    id: string
    name: string
    user_name: string
    department: string
    email: string
    phone: string
    manager: string
    /** A mailbox that does not open with the domain password; empty where none is known. */
    second_email: Generated<string>
    /** A second operator approves each release for them. */
    is_sensitive: Generated<number>
    /** In which they are written to; empty: the organisation's own. */
    language: Generated<string>
    created_at: string
    /** The name folded: what lists are sorted by. */
    sort_name: Generated<string>
    /** Grows with each change. */
    revision: Generated<number>
    changed_at: Generated<string>
    /** A card is on record as theirs; and one ever was: then the person stays. */
    has_card: Generated<number>
    had_card: Generated<number>
    /** `hand`, `import` or `directory`. */
    source: Generated<string>
    /** The directory that they were found in: its connection, what the entry is known by for ever there, and its name. */
    directory_id: string | null
    directory_entry: string | null
    directory_dn: string | null
  }
  /** One row for each word by which a person or card is found, folded; searched by prefix. */
  search_words: { word: string; person_id: string }
  /** Files of people on their way in. */
  imports: {
    id: string
    operator_id: string
    file_name: string
    sha256: string
    /** `preview`, `running`, `done`, `stopped`. */
    state: string
    /** How the file is read: `ImportReading` of the contract. */
    reading: string
    revision: number
    created_at: string
    /** When the preview that somebody started was compared with what is on record. */
    compared_at: string | null
    started_at: string | null
    ended_at: string | null
    /** Rows of the file, those that were gone through, and what became of these. */
    total: number
    done: number
    added: number
    changed: number
    unchanged: number
    wrong: number
    left_alone: number
  }
  /** The octets of such a file, until its import is over. */
  import_pieces: { import_id: string; number: number; octets: string }
  cards: {
    id: string
    /** 16 bytes in hexadecimal; unique over all cards that ever existed: rows are never deleted. */
    card_uuid: string
    /** Who holds it; where it is unheld, who held it last: to whom nothing of it is shown any more. */
    person_id: string
    is_unheld: Generated<number>
    family: string
    label: string
    printed_serial: string
    state: string
    /** Variant and 9E public key (or Z), sealed by the key service; null on cards without a usable 9E. */
    sealed_key: string | null
    /** The station's conversation while the card is personalised; null otherwise. */
    personalisation: string | null
    /** What its maker numbered it with (a YubiKey's serial), where the card tells. */
    hardware_number: string | null
    /** What another system gave it, sealed by the key service, until the card has secrets of ours; null otherwise. */
    imported_secrets: string | null
    /** The template and its version by which it was registered; null on a card without one. */
    template_id: string | null
    template_version: number | null
    /** The card of the same person that it takes the place of. */
    replaces_card_id: string | null
    created_at: string
  }
  /** How something leaves for a person. Rows stay when a connection is removed: deliveries name them. */
  connections: {
    id: string
    name: string
    /** Its kind, and everything but the secret. */
    settings: string
    /** Its password or key, sealed by the key service for this connection alone. */
    sealed_secret: string | null
    is_removed: number
    /** When it last sent a test as it is now. */
    tested_at: string | null
    created_at: string
    revision: number
  }
  /** `version` is the newest; all of them stay in `template_versions`. */
  templates: { id: string; name: string; version: number; is_locked: number }
  template_versions: { template_id: string; version: number; document: string; created_at: string }
  /** The outbox of PUCs: which generation goes to whom by what. The PUC itself is in no column. */
  deliveries: {
    /** Also what the other side knows it by: the same at each attempt. */
    id: string
    card_id: string
    person_id: string
    connection_id: string
    generation: string
    state: string
    attempts: number
    /** When it is due, or when an attempt under way counts as lost; null when it is over. */
    next_at: string | null
    problem: string | null
    detail: string | null
    created_at: string
    delivered_at: string | null
  }
  /** The PUK record, one row a PIV card, changed by compare-and-set on `revision`. */
  puk_records: {
    card_id: string
    candidates: string
    refused: string
    tries_at_least: number
    tries_limit: number
    restored_by_unblock: string
    is_rotatable: number
    form: string
    exposed_since: string | null
    exposed_to: string | null
    /** Where a rotation stands; null when none is under way. */
    rotation: string | null
    /** Number of the card's last release when another PUK was meant for it: what became of that one and those before says
     * nothing about this record any more. */
    rotated_after: number
    /** The card is revoked or retired: nothing of this is a finding any more. */
    is_out_of_use: Generated<number>
    revision: number
  }
  /** A supervisor approved that one try of the card is spent on a guess; used up by it. */
  try_approvals: {
    card_id: string
    valid_until: string
  }
  /** The native admin key of a GIDS card. */
  admin_key_records: {
    card_id: string
    cipher: string
    generation: string
    /** Tries that the card gives its admin key; 0: it counts none. */
    tries_limit: number
    /** A bare answer was released since then, and the session that it opened may have changed the key. */
    session_given_at: string | null
    /** Where a contact with a station stands; null when none is under way. */
    contact: string | null
    /** The card refused this key at a station: nothing is released until it is issued again. */
    refused_at: string | null
    /** Number of the card's last release when the key was proved: what that one and those before may have cost is settled. */
    settled_after: Generated<number>
    /** Tries that contacts may have cost since. */
    contact_tries: Generated<number>
    is_out_of_use: Generated<number>
    revision: number
  }
  /** Key 9B of a PIV card: `factory`, or a generation of ours. */
  management_keys: { card_id: string; cipher: string; generation: string; is_out_of_use: Generated<number> }
  /** Highest generation handed out, per card and purpose. It only grows. */
  generations: { card_uuid: string; purpose: string; epoch: number; counter: number }
  unblocks: {
    id: string
    card_id: string
    person_id: string
    /** Null where its holder unblocks the card himself. */
    operator_id: string | null
    opened_at: string
    closed_at: string | null
    /** What the operator is asked to sign before a cryptogram leaves: canonical JSON, the one that was written last. */
    statement: string | null
  }
  /** A challenge that was claimed, for ever. The cryptogram is in no column. */
  releases: {
    id: string
    unblock_id: string
    card_id: string
    /** Null where the card's holder did it himself. */
    operator_id: string | null
    session_id: string
    idempotency_key: string
    /** Nonce or block, hexadecimal; unique with the card. */
    challenge_key: string
    challenge: string
    form: string
    generation: string
    unblock_key_id: string
    /** The ways by which the holder was verified, joined by `+`; and the ticket that was used. */
    verification: string
    verification_id: string | null
    released_at: string
    /** `released` until something is known; then `unblocked`, `refused`, `unknown`. */
    outcome: string
    /** How it is known: `receipt`, `told`, `report`. */
    outcome_by: string | null
    outcome_at: string | null
    /** Tries that this release may have cost the card. */
    tries_at_risk: number
    receipt_misses: number
    /** The how-manieth of its card: their order, whatever the clock said. */
    number: number
    /** The agent that did this unblock and proved it with the receipt; it knows the PUK. */
    reported_by: string | null
  }
  /** What the desk is counted by: `unblocked` by a procedure, `refused` for a problem. Nobody and no card is named. */
  desk_events: { id: string; at: string; kind: string; name: string; seconds: number | null }
  /** An unblock of a card that is in a reader: what `unblocks` does not say of it. */
  connected_unblocks: {
    unblock_id: string
    card_id: string
    agent_id: string
    agent_key_sha256: string
    agent_name: string
    reader: string
    is_remote: number
    /** Two digits that both sides see. */
    code: string
    verification: string
    /** `sealed`: a PUK under the card's key 9E; `mutual`: its admin key. */
    way: string
    state: string
    problem: string | null
    tries_left: number | null
    /** The agent's point for this job, hexadecimal. */
    job_key: string | null
    /** What the secret is bound to the card by, hexadecimal. */
    binding: string | null
    /** GIDS: the card's challenge. */
    card_challenge: string | null
    /** Canonical JSON, as it was or is to be signed. */
    statement: string | null
    /** Of a statement that was executed: once, for ever. */
    statement_sha256: string | null
    /** The operator's signature over it. */
    signature: string | null
    opened_at: string
  }
  /** Cards that operators sign with. */
  operator_cards: {
    id: string
    operator_id: string
    certificate_sha256: string
    /** DER, hexadecimal. */
    certificate: string
    label: string
    created_at: string
    last_used_at: string | null
  }
  /** Signatures that operator cards are asked for, for minutes. */
  signings: {
    id: string
    operator_id: string
    agent_id: string
    /** Canonical JSON. */
    statement: string
    /** `asked`, `signed`, `ended`. */
    state: string
    problem: string | null
    certificate: string | null
    signature: string | null
    created_at: string
  }
  /** That an operator verifies a card's holder; while its ways are fresh it is the ticket for a release. */
  verifications: {
    id: string
    operator_id: string
    card_id: string
    person_id: string
    /** `telephone`, `connected`. */
    procedure: string
    opened_at: string
    /** Releases that it was good for. */
    uses: Generated<number>
    ended_at: string | null
  }
  /** One way of a verification, with its evidence. A code is in no column: a MAC of it is, under a key of the key service. */
  verification_ways: {
    id: string
    verification_id: string
    person_id: string
    way: string
    root: string
    /** `asked`, `met`, `failed`. */
    state: string
    asked_at: string
    met_at: string | null
    sent_to: string | null
    code_mac: string | null
    tries: Generated<number>
    /** JSON: what the operator saw, who approved. */
    evidence: string
    /** The operator who is asked as the person's manager. */
    approver_id: string | null
    /** The browser from which he is asked, as `sessions` know it. */
    asked_browser: Generated<string>
  }
  /** Passkeys of cardholders, who have no account. */
  person_passkeys: {
    /** The credential's id, base64url. */
    id: string
    person_id: string
    label: string
    /** COSE key, hexadecimal. */
    public_key: string
    counter: string
    transports: string
    created_at: string
    /** It counts from then on. */
    usable_from: string
    last_used_at: string | null
  }
  /** Open invitations to add one, under a MAC of their code. */
  /** `operator_id` is empty where its owner invited himself, with a card that works. */
  person_invitations: { code_mac: string; person_id: string; operator_id: string; expires_at: string }
  /** A second operator's answer to what one asks for, bound to the verification. */
  approvals: {
    id: string
    verification_id: string
    card_id: string
    person_id: string
    asked_by: string
    /** JSON: `FourEyesReason`s. */
    reasons: string
    note: string
    /** `asked`, `approved`, `declined`. */
    state: string
    asked_at: string
    /** Until when an answer counts; once it is approved, until when that does. */
    expires_at: string
    answered_by: string | null
    answered_at: string | null
    is_break_glass: Generated<number>
    /** What the second operator signed, canonical JSON, and his signature. */
    statement: string | null
    signature: string | null
    /** The browser from which it was asked, as `sessions` know it. */
    asked_browser: Generated<string>
  }
  /** Alarms by mail to those whom the desk names. */
  alerts: {
    id: string
    recipient: string
    kind: string
    /** JSON: what the mail says. */
    facts: string
    created_at: string
    next_at: string | null
    attempts: Generated<number>
    problem: string | null
    delivered_at: string | null
  }
  /** What an address of a person was before it changed. */
  address_changes: { person_id: string; kind: string; previous: string; changed_at: string }
  /** One row: how the help desk works. JSON. */
  desk_settings: { id: number; document: string; revision: number }
  /** One way by which a holder, whose card proved itself, said who he is; wrong ones are counted by card and way. */
  self_service_ways: {
    id: string
    unblock_id: string
    card_id: string
    person_id: string
    way: string
    root: string
    /** `asked`, `met`, `failed`. */
    state: string
    asked_at: string
    met_at: string | null
    /** MAC of the code by which the other side of it finds this. */
    code_mac: string | null
    /** JSON: what is known about it; while it is asked, what its answer is judged by. */
    evidence: string
  }
  /** Codes with which a holder unblocks his card himself, once each; under a MAC. */
  unblock_codes: {
    id: string
    code_mac: string
    card_id: string
    person_id: string
    /** `spoken`: from the help desk; `sheet`: printed. */
    kind: string
    operator_id: string | null
    created_at: string
    expires_at: string | null
    wrong_tries: number
    used_at: string | null
    voided_at: string | null
  }
  /** Holders who look after themselves, with a card that works at one agent. */
  holder_sessions: {
    id: string
    card_id: string
    person_id: string
    agent_id: string
    /** `proving`, `open`, `ended`. */
    state: string
    opened_at: string
    until: string
  }
  /** One-time passwords of cardholders; the secret is sealed by the key service. */
  one_time_passwords: {
    id: string
    person_id: string
    /** `totp`, `hotp`. */
    kind: string
    label: string
    sealed_secret: string
    /** The last counter or time step that was used: nothing at or before it counts. */
    counter: number
    created_at: string
    /** When its holder showed that it works; null: not yet. */
    confirmed_at: string | null
    usable_from: string | null
    last_used_at: string | null
  }
  /** Who a person is at an identity provider. */
  person_identities: {
    id: string
    person_id: string
    issuer: string
    subject: string
    /** The operator who added it; null: its holder, with the working card. */
    added_by: string | null
    created_at: string
    usable_from: string
  }
  challenge_misses: { card_id: string; unblock_id: string; at: string }
  notices: {
    id: string
    person_id: string
    card_id: string
    kind: string
    at: string
    /** When the first address had it. */
    delivered_at: string | null
    /** Who did it; null where no operator did. */
    operator_id: string | null
    /** `telephone`, `connected`, `puc`; null where it was none of them. */
    procedure: string | null
    /** What the card became, where its state changed. */
    card_state: string | null
    /** Two words by which the holder says which notice he means; null while it is not planned. */
    words: string | null
    /** When it was decided which addresses are told. */
    planned_at: string | null
    /** Why nobody is told. */
    problem: string | null
    /** What was released, where it tells of that. */
    release_id: string | null
    /** When that was, where it tells how it ended too. */
    released_at: string | null
    /** It is not planned before then. */
    due_at: Generated<string>
  }
  /** A notice at one address. The token of its link is in no column: its SHA-256 is. */
  notice_deliveries: {
    /** Also what the other side knows it by: the same at each attempt. */
    id: string
    notice_id: string
    /** `email`, `secondEmail`, `phone`; and the address as it was then. */
    address_kind: string
    address: string
    /** It is what stood there before it changed lately. */
    is_previous: number
    token_hash: string
    state: string
    attempts: number
    next_at: string | null
    problem: string | null
    detail: string | null
    created_at: string
    delivered_at: string | null
    /** `me`, `not-me`, by the link that went to this address; once. */
    answer: string | null
    answered_at: string | null
  }
  /** A holder said "this was not me". */
  incidents: {
    id: string
    /** `open`, `closed`. */
    state: string
    opened_at: string
    notice_id: string
    delivery_id: string
    card_id: string
    person_id: string
    /** Who did what the notice told; null where no operator did. */
    operator_id: string | null
    /** What the card was before this suspended it; null where it was out of use already. */
    suspended_from: string | null
    closed_at: string | null
    closed_by: string | null
    note: string | null
    /** The suspension was lifted when it was closed. */
    is_lifted: number | null
    verification_id: string | null
  }
  /** What must never happen and was caught, at an agent or an operator. */
  caught_incidents: {
    id: string
    /** One of `CAUGHT_KINDS`. */
    kind: string
    /** `open`, `closed`. */
    state: string
    /** What makes two of them the same while this is open; null once it is closed. */
    open_key: string | null
    opened_at: string
    last_at: string
    occurrences: number
    card_id: string
    other_card_id: string | null
    /** Whose card it was; null where nobody held it. */
    person_id: string | null
    operator_id: string | null
    other_operator_id: string | null
    agent_id: string | null
    /** As it was called then: an agent of the configuration file has no row. */
    agent_name: string | null
    other_agent_id: string | null
    other_agent_name: string | null
    /** Records of the log. */
    first_record: string
    last_record: string
    closed_at: string | null
    closed_by: string | null
    note: string | null
  }
  /** `card.suspended` on its way to whoever stops cards elsewhere. */
  incident_reports: {
    id: string
    incident_id: string
    connection_id: string
    state: string
    attempts: number
    next_at: string | null
    problem: string | null
    detail: string | null
    created_at: string
    delivered_at: string | null
  }
  operators: {
    id: string
    name: string
    user_name: string
    /** Empty until the operator has set himself up: no password has this hash. */
    password_hash: string
    is_disabled: number
    created_at: string
    last_seen_at: string | null
  }
  /** Roles of the organisation's own; the built-in ones stand in the contract. */
  roles: { id: string; name: string; permissions: string; created_at: string }
  /** `role_id` is a row of `roles` or the id of a built-in role. */
  operator_roles: { operator_id: string; role_id: string }
  /** An open set-up code, under its SHA-256; without an operator for the first administrator. */
  /**
   * Agents that were added in the console; those of the configuration file stand there alone. Without a key while the code
   * was not used. Rows are never deleted: a key that was revoked stays known.
   */
  agents: {
    id: string
    name: string
    /** The name folded: by it the list is ordered and searched. */
    search_name: string
    is_station: number
    /** Ed25519, 32 bytes in hexadecimal. */
    public_key: string | null
    code_hash: string | null
    code_expires_at: string
    added_by: string
    added_at: string
    enrolled_at: string | null
    last_seen_at: string | null
    protocol: number | null
    version: string | null
    platform: string | null
    revoked_at: string | null
  }
  set_up_codes: { code_hash: string; operator_id: string | null; expires_at: string; issued_at: string }
  passkeys: {
    /** The credential's id, base64url. */
    id: string
    operator_id: string
    label: string
    /** COSE key, hexadecimal. */
    public_key: string
    /** As the authenticator said last; a number of up to 32 bits, as text. */
    counter: string
    transports: string
    created_at: string
    last_used_at: string | null
  }
  /** A challenge that was given out and not answered yet. */
  passkey_challenges: {
    challenge: string
    /** Whom it was given to: the hash of a pre-session, a session or a set-up code. */
    holder: string
    purpose: string
    operator_id: string | null
    expires_at: string
  }
  /** Under the hash of the id that the browser holds. */
  sessions: {
    id: string
    operator_id: string
    created_at: string
    last_seen_at: string
    expires_at: string
    address: string
    user_agent: string
    /** What the browser is known by, across sessions and operators; empty for sessions of before. */
    browser: Generated<string>
  }
  /** How often a server started with each key journal: fewer than the journal says means a restored database. */
  server_starts: { node: string; starts: number }
  throttles: { key: string; at: string }
  lookups: { operator_id: string; person_id: string; at: string }
  /** `record` holds canonical JSON, frozen: jobs seal batches of these bytes later without changing one. */
  audit: {
    seq: Generated<number>
    id: string
    at: string
    subject: string
    record: string
    /** The operator or agent who acted; null for others, and for records of before this was kept apart. */
    actor_id: string | null
  }
}
