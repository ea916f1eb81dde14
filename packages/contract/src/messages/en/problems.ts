import type { ProblemCode } from '../../problems.ts'

/** The three parts of a problem: what happened · what it means for the card · what to do now. */
export interface ProblemText {
  readonly happened: string
  readonly card: string
  readonly now: string
}

const UNTOUCHED = 'Nothing on the card has changed.'
const NO_CARD_INVOLVED = 'No card is affected.'

/** The words for every problem of the table; a missing code does not compile. */
export const problems = {
  // what was asked
  'input-invalid': {
    happened: 'What was sent is not well formed.',
    card: UNTOUCHED,
    now: 'Check what was typed and try again. If it happens again, report the request number.',
  },
  'not-found': {
    happened: 'There is no such person, card or page.',
    card: NO_CARD_INVOLVED,
    now: 'Search again. It may have been removed, or you may not be allowed to see it.',
  },
  'too-large': {
    happened: 'What was sent is too large.',
    card: UNTOUCHED,
    now: 'Send less at once.',
  },
  'wrong-usage': {
    happened: 'The command is not used like this.',
    card: UNTOUCHED,
    now: 'Read the help of the command and try again.',
  },

  // who asks
  'sign-in-needed': {
    happened: 'You are no longer signed in.',
    card: UNTOUCHED,
    now: 'Sign in. What you typed on the page is still there.',
  },
  'sign-in-refused': {
    happened: 'User name or password is wrong.',
    card: NO_CARD_INVOLVED,
    now: 'Type both again. Check the keyboard layout and the caps lock key.',
  },
  'sign-in-throttled': {
    happened: 'There were too many wrong attempts to sign in.',
    card: NO_CARD_INVOLVED,
    now: 'Wait some minutes, then try again. If it was not you, tell your administrator.',
  },
  'set-up-code-refused': {
    happened: 'This set-up code is not valid.',
    card: NO_CARD_INVOLVED,
    now: 'Check the symbols. A code is good once and for 24 hours: if it was used or is older, ask your administrator for a new one. Before anybody is set up, a restart of the server makes one.',
  },
  'passkey-refused': {
    happened: 'The passkey was not accepted.',
    card: NO_CARD_INVOLVED,
    now: 'Try again, within two minutes and with a passkey that you registered here. If it was lost or replaced, ask your administrator for a new set-up code.',
  },
  'passkey-copied': {
    happened: 'This passkey was refused: its counter went backwards, as that of a copy would.',
    card: NO_CARD_INVOLVED,
    now: 'Sign in with another passkey, remove this one in My account, and tell your administrator.',
  },
  'passkey-cancelled': {
    happened: 'The passkey was not used: the question was closed, or nobody answered in time.',
    card: NO_CARD_INVOLVED,
    now: 'Try again and follow what the browser asks.',
  },
  'passkey-not-possible': {
    happened: 'This browser cannot use a passkey on this page.',
    card: NO_CARD_INVOLVED,
    now: 'Open the page by its host name and not by a number (localhost, not 127.0.0.1), over HTTPS, in a current browser.',
  },
  'passkey-exists': {
    happened: 'This authenticator holds a passkey for you already.',
    card: NO_CARD_INVOLVED,
    now: 'Use another authenticator, or keep the passkey that you have.',
  },
  'passkey-last': {
    happened: 'This is your last passkey, so it stays.',
    card: NO_CARD_INVOLVED,
    now: 'Add another passkey first, then remove this one.',
  },
  'password-wrong': {
    happened: 'Your present password is wrong.',
    card: NO_CARD_INVOLVED,
    now: 'Type it again. If you have forgotten it, ask your administrator for a new set-up code.',
  },
  'password-unfit': {
    happened: 'The new password breaks a rule.',
    card: NO_CARD_INVOLVED,
    now: 'Choose at least 12 characters, without your name and without a word that everybody tries.',
  },
  'own-account': {
    happened: 'Nobody changes his own roles, his own state or his own set-up code.',
    card: NO_CARD_INVOLVED,
    now: 'Ask a colleague who may change operators. Your password, passkeys and sessions are in My account.',
  },
  'last-administrator': {
    happened: 'After this change nobody could change operators any more.',
    card: NO_CARD_INVOLVED,
    now: 'Give somebody else a role that may do so first, then try again.',
  },
  'permission-lacking': {
    happened: 'This would grant a permission that you do not have yourself.',
    card: NO_CARD_INVOLVED,
    now: 'Ask a colleague who has that permission.',
  },
  'name-taken': {
    happened: 'This name is taken.',
    card: NO_CARD_INVOLVED,
    now: 'Choose another name.',
  },
  'template-unknown': {
    happened: 'This card template does not exist.',
    card: NO_CARD_INVOLVED,
    now: 'Reload the page: somebody may have removed it.',
  },
  'template-locked': {
    happened: 'This card template is locked.',
    card: NO_CARD_INVOLVED,
    now: 'Unlock it first, or copy it and change the copy.',
  },
  'template-changed': {
    happened: 'Somebody else changed this card template while you did.',
    card: NO_CARD_INVOLVED,
    now: 'What you typed is still there: look at what the new version has, then save yours after it, or discard it.',
  },
  'template-not-usable': {
    happened: 'No card can be issued by this card template now.',
    card: 'Nothing happened to the card.',
    now: 'Templates > Card templates says what is missing.',
  },
  'template-wrong-card': {
    happened: 'This card template is for another kind of card.',
    card: 'Nothing happened to the card.',
    now: 'Register the card with a template of its kind.',
  },
  'person-changed': {
    happened: 'Somebody else changed what is on record about this person meanwhile.',
    card: NO_CARD_INVOLVED,
    now: 'Look at what stands there now, then save again what you still want to change.',
  },
  'import-over': {
    happened: 'This import is over, or under way.',
    card: NO_CARD_INVOLVED,
    now: 'Reload the page to see how far it is. Import the file again to see what is left of it.',
  },
  'import-changed': {
    happened: 'Somebody else chose another encoding, separator or column for this file meanwhile.',
    card: NO_CARD_INVOLVED,
    now: 'Look at the preview again, then start the import.',
  },
  'import-unmapped': {
    happened: 'No column of the file is the name, or the user name.',
    card: NO_CARD_INVOLVED,
    now: 'Choose which columns they are, above the rows.',
  },
  'person-had-cards': {
    happened: 'This person has or had a card, and stays on record: past unblocks and deliveries name them.',
    card: NO_CARD_INVOLVED,
    now: 'Revoke or retire their cards in Lifecycle > Cards. Take out what is no longer right with Edit.',
  },
  'connection-unknown': {
    happened: 'This connection does not exist.',
    card: NO_CARD_INVOLVED,
    now: 'Reload the page: somebody may have removed it.',
  },
  'connection-of-desk': {
    happened: 'The help desk reaches people, or stops cards, by this connection.',
    card: NO_CARD_INVOLVED,
    now: 'Choose another one at Options > Limits and threat level first.',
  },
  'connection-in-use': {
    happened: 'Card templates still deliver by this connection.',
    card: NO_CARD_INVOLVED,
    now: 'Give those templates another connection first.',
  },
  'connection-untested': {
    happened: 'This connection was not tested as it is now.',
    card: NO_CARD_INVOLVED,
    now: 'Press Test at the connection in Options > Connections, then try again.',
  },
  'directory-unreachable': {
    happened: 'The directory could not be reached, or did not answer in time.',
    card: NO_CARD_INVOLVED,
    now: 'Check its addresses, and whether this server may connect there. People can be added by hand meanwhile.',
  },
  'directory-insecure': {
    happened: 'The directory did not prove who it is, or offers no TLS.',
    card: NO_CARD_INVOLVED,
    now: 'Check its name and the authority of its certificate. Nobody signs in there without TLS.',
  },
  'directory-sign-in': {
    happened: 'The directory did not accept name and password.',
    card: NO_CARD_INVOLVED,
    now: 'Enter them again at the connection in Options > Connections, and press Test.',
  },
  'directory-base': {
    happened: 'The directory has no such place as the base of the search, or does not show it to this name.',
    card: NO_CARD_INVOLVED,
    now: 'Correct the base at the connection in Options > Connections, and press Test.',
  },
  'directory-limit': {
    happened: 'The directory finds more than it gives out at once, or takes too long.',
    card: NO_CARD_INVOLVED,
    now: 'Type more of the name. If that does not help, let its administrator raise the limit for this name.',
  },
  'directory-refused': {
    happened: 'The directory does not take the question.',
    card: NO_CARD_INVOLVED,
    now: 'Read what it said. Most often the filter of the connection is wrong.',
  },
  'delivery-unreachable': {
    happened: 'The other side could not be reached.',
    card: NO_CARD_INVOLVED,
    now: 'Check host and port, and whether this server may connect there. What waits is tried again by itself.',
  },
  'delivery-insecure': {
    happened: 'The other side did not prove who it is, or offers no TLS.',
    card: NO_CARD_INVOLVED,
    now: 'Check the host name and the authority of its certificate. Nothing is sent without TLS.',
  },
  'delivery-sign-in': {
    happened: 'The other side did not accept user name and password.',
    card: NO_CARD_INVOLVED,
    now: 'Enter them again in Options > Connections, and press Test.',
  },
  'delivery-refused': {
    happened: 'The other side does not take it.',
    card: NO_CARD_INVOLVED,
    now: "Read what it said. Most often the person's address is wrong: correct it, then press Send again.",
  },
  'delivery-no-address': {
    happened: 'This person has no address to deliver to.',
    card: NO_CARD_INVOLVED,
    now: 'Add the address, then press Send again.',
  },
  'delivery-over': {
    happened: 'This delivery is over.',
    card: NO_CARD_INVOLVED,
    now: 'Reload the page to see how it ended.',
  },
  'procedure-not-allowed': {
    happened: 'The template of this card does not allow an unblock in this way.',
    card: 'Nothing happened to the card.',
    now: 'Unblock it in another way: with its PUC, or at a card office.',
  },
  'puc-limit-card': {
    happened: 'The PUC of this card was read too often today.',
    card: 'Nothing happened to it.',
    now: 'Ask the holder to bring the card to a station, or try again tomorrow. Tell a supervisor if you did not expect this.',
  },
  'puc-not-kept': {
    happened: 'There is no PUC of this card to give.',
    card: 'Nothing happened to the card.',
    now: 'Its card template says whether the help desk has its PUC; without one it is unblocked in another way.',
  },
  'role-built-in': {
    happened: 'A built-in role cannot be changed or deleted.',
    card: NO_CARD_INVOLVED,
    now: 'Add a role of your own with the permissions that you want.',
  },
  'role-in-use': {
    happened: 'Somebody still has this role.',
    card: NO_CARD_INVOLVED,
    now: 'Take the role away from everybody who has it, then delete it.',
  },
  'not-permitted': {
    happened: 'Your role does not allow this.',
    card: UNTOUCHED,
    now: 'Ask a colleague who may do it, or your administrator.',
  },
  'foreign-page': {
    happened: 'The request came from another page and was refused.',
    card: UNTOUCHED,
    now: 'Open the page again from its own address.',
  },
  'session-not-active': {
    happened: 'The cards of this computer are shown to whoever sits in front of it, and that is not you.',
    card: UNTOUCHED,
    now: 'Go to the computer and switch to your session.',
  },
  'agent-service-unreachable': {
    happened: 'The agent that works with the cards of this computer does not answer.',
    card: UNTOUCHED,
    now: 'Wait a moment: it may be starting. If it stays so, tell your administrator (systemctl status unlatch-agent).',
  },
  'agent-unknown': {
    happened: 'The program on this computer is not known to the server.',
    card: UNTOUCHED,
    now: 'Ask an administrator to enrol this computer.',
  },
  'agent-clock': {
    happened: 'The clock of this computer differs too much from the server’s.',
    card: UNTOUCHED,
    now: 'Set the clock of this computer, or have it set by a time server, then try again.',
  },
  'agent-exists': {
    happened: 'The key of this computer belongs to an agent already, or to one that was revoked.',
    card: NO_CARD_INVOLVED,
    now: 'If this computer is to be enrolled anew, enrol it with a new key: the code is still good.',
  },
  'agent-revoked': {
    happened: 'This agent is revoked: nothing of it is changed any more.',
    card: NO_CARD_INVOLVED,
    now: 'Add the computer as a new agent, if it is to work again.',
  },
  'enrolment-code-refused': {
    happened: 'This enrolment code is not valid.',
    card: NO_CARD_INVOLVED,
    now: 'Check the symbols. A code is good once and for 24 hours: if it was used or is older, an administrator adds the agent again.',
  },
  'agent-too-old': {
    happened: 'This computer has an agent that the server no longer understands.',
    card: UNTOUCHED,
    now: 'Install the current agent on this computer, then try again.',
  },
  'server-too-old': {
    happened: 'This computer has an agent that is newer than the server.',
    card: UNTOUCHED,
    now: 'Update the server first, or install the agent that belongs to it.',
  },
  'agent-offline': {
    happened: 'The station is not connected, or has no card in that reader.',
    card: UNTOUCHED,
    now: 'Start the agent at the station, put the card in, and choose the reader again.',
  },
  'station-only': {
    happened: 'This can be done at a station of the badge office only.',
    card: UNTOUCHED,
    now: 'Bring the card to the badge office.',
  },

  // a card's state
  'card-unknown': {
    happened: 'This card is not managed here.',
    card: UNTOUCHED,
    now: 'Check the printed serial. If the card is from another organisation, its issuer can help.',
  },
  'card-not-issued': {
    happened: 'This card has not been issued yet.',
    card: 'It cannot be unblocked before its issuance is complete.',
    now: 'Finish the issuance at a station.',
  },
  'card-in-stock': {
    happened: 'This card is in stock: nobody holds it.',
    card: 'Nothing is released, delivered or shown for it.',
    now: 'Register it for its new holder, and issue it at a station.',
  },
  'card-suspended': {
    happened: 'This card is suspended.',
    card: 'No cryptogram is released for it while it is suspended.',
    now: 'Find out why before anything else: it may have been reported lost or misused.',
  },
  'card-revoked': {
    happened: 'This card is revoked.',
    card: 'It will not be used again.',
    now: 'The cardholder needs a new card from the badge office.',
  },
  'card-move-refused': {
    happened: 'A card in this state cannot be moved like this, or not for this reason.',
    card: 'Its state is what it was.',
    now: 'Reload the page: somebody may have moved it meanwhile. A card that is revoked stays so; its holder needs another one.',
  },
  'card-cannot-be-saved': {
    happened: 'This card cannot be unblocked by telephone.',
    card: 'Its certificates and keys are untouched, but no cryptogram can help it.',
    now: 'Send the cardholder to the badge office with the card.',
  },
  'card-of-issuer': {
    happened: 'This is a Common Access Card. Its keys are with its issuer, and nobody else can unblock or manage it.',
    card: UNTOUCHED,
    now: 'Its holder goes to a RAPIDS site or a CAC PIN Reset station.',
  },
  'card-exists': {
    happened: 'This card is registered already.',
    card: UNTOUCHED,
    now: 'Search for its printed serial and continue there.',
  },
  'card-key-unknown': {
    happened: 'The card has a PUK or a key that is not known here.',
    card: 'It is not sent a secret that it refused before: none of its tries is lost by trying again.',
    now: "Give the card's current secrets at the station (unlatch issue --current-keys-fd), or reset the card with its maker's tool and issue it with --fresh-card. Otherwise return it to stock and use another card.",
  },
  'card-identity-conflict': {
    happened: 'This card and what is on record about it do not belong together: one of them is not what it says.',
    card: 'No key was tried, and nothing on the card has changed. It is recorded as an incident.',
    now: 'Keep the card. Compare its printed serial with the record, and tell your administrator.',
  },
  'card-in-two-places': {
    happened: 'Two stations or computers say that they have this card at the same time.',
    card: 'Both were stopped. What was begun is taken up at the next contact. It is recorded as an incident.',
    now: 'Find out which one holds the real card, and tell your administrator. Then begin again there.',
  },
  'personalisation-refused': {
    happened: 'The card refused a step of its personalisation.',
    card: 'It is not ready for use. What was written before this step is still on it.',
    now: 'Start the step again at the station. If it is refused again, use another card and set this one aside.',
  },

  // a challenge
  'challenge-malformed': {
    happened: 'This is not a challenge.',
    card: UNTOUCHED,
    now: 'Ask the caller to read the challenge from the unblock screen, group by group.',
  },
  'challenge-misheard': {
    happened: 'The challenge was misheard or mistyped.',
    card: 'The card has seen nothing; no try is lost.',
    now: 'Ask the caller to say it again, group by group, with the spelling words.',
  },
  'challenge-other-card': {
    happened: "The challenge belongs to this person's other card.",
    card: 'Neither card has seen anything; no try is lost.',
    now: 'Switch to the other card.',
  },
  'challenge-answered': {
    happened: 'This challenge was answered already.',
    card: 'One cryptogram answers one challenge. The card is no worse off.',
    now: 'Ask the caller to start again on the unblock screen and to read the new challenge.',
  },
  'challenge-wrong-screen': {
    happened: 'The caller has a screen open that wants the PUC, not a cryptogram.',
    card: 'The card has seen nothing; no try is lost.',
    now: 'Ask the caller to close that screen and to open the unblock screen instead.',
  },
  'bare-form-not-allowed': {
    happened: "A challenge from Windows' own screen is not allowed for this card.",
    card: 'The card has seen nothing; no try is lost.',
    now: 'Ask the caller to use the unblock screen, which shows a challenge with check symbols.',
  },
  'bare-form-unconfirmed': {
    happened: "A challenge from Windows' own screen must be confirmed first.",
    card: 'This form has no check symbols: a slip would cost the card one of its tries.',
    now: "Type the challenge a second time, and the last four characters of the card's printed serial.",
  },
  'too-many-misses': {
    happened: 'There were too many wrong challenges.',
    card: 'The card has seen none of them; no try is lost.',
    now: 'End this call. Call the person back on the number on record and begin again in an hour.',
  },

  // a release
  'card-puc-only': {
    happened:
      'No key of this card is on record by which a PUK could be sealed for it, so its PUK goes to stations alone. This reader is not a station’s.',
    card: 'Nothing happened to it.',
    now: 'Bring the card to a station, where an operator unblocks it; or let the cardholder use the PUC, or the telephone where that is offered.',
  },
  'card-swapped': {
    happened: 'The card in the reader is another one than was chosen.',
    card: 'Neither was changed.',
    now: 'Put the right card into the reader, and begin again.',
  },
  'unblock-under-way': {
    happened: 'Another operator unblocks this card at this moment.',
    card: 'Nothing happened to it because of you.',
    now: 'Wait until that is over, ten minutes at most, or speak with your colleague.',
  },
  'unblock-declined': {
    happened: 'The cardholder declined the unblock.',
    card: 'Nothing happened to it.',
    now: 'Call the cardholder: whoever has the card may not expect you, or the digits were not the same.',
  },
  'attempt-superseded': {
    happened: 'A newer attempt took the place of this one.',
    card: 'Nothing happened to it because of this one.',
    now: 'Go on with the newer one.',
  },
  'attempt-cancelled': {
    happened: 'The operator cancelled the unblock.',
    card: 'Nothing happened to it.',
    now: 'Call the help desk if you expected it.',
  },
  'statement-expired': {
    happened: 'More than two minutes passed, or something changed since this was written.',
    card: 'Nothing happened to it.',
    now: 'Sign again: a fresh statement is written.',
  },
  'card-not-proved': {
    happened: 'The card in the reader does not have the key of the card on record. This is an incident.',
    card: 'Its PIN was not changed.',
    now: 'Keep the card, and tell a supervisor.',
  },
  'seal-not-opened': {
    happened:
      'The card does not open what was sealed for it: it is not the card that it says to be, or its key was replaced.',
    card: 'Its PIN was not changed, and no try was spent.',
    now: 'Keep the card, and tell a supervisor.',
  },
  'page-not-open': {
    happened: 'The page of the agent at that computer is not open, and no browser could be started there.',
    card: 'Nothing happened to it.',
    now: 'Let somebody open the page at that computer (unlatch agent --open), then ask again.',
  },
  'statement-refused': {
    happened:
      'The server asked this computer to have something signed that is no statement of an unblock. This is an incident.',
    card: 'Nothing was signed.',
    now: 'Do not repeat it. Tell your administrator.',
  },
  'signing-declined': {
    happened: 'Nothing was signed: it was declined at the agent, or nobody typed the PIN in time.',
    card: 'Nothing happened to the card.',
    now: 'Sign again when you are ready.',
  },
  'signing-interrupted': {
    happened: 'The agent at your card went away while it waited for your PIN. No signature arrived.',
    card: 'Nothing happened to the cardholder’s card.',
    now: 'Start the agent there again if it does not come back by itself, then sign again.',
  },
  'operator-card-refused': {
    happened: 'The signature is not one of an operator card that is registered for you, over what was to be signed.',
    card: 'Nothing happened to the cardholder’s card.',
    now: 'Use your own operator card. If it was replaced, add the new one under My account.',
  },
  'operator-card-expired': {
    happened: 'The certificate of this operator card is not valid yet, or not any more.',
    card: 'Nothing happened to the cardholder’s card.',
    now: 'Use a passkey, or another operator card; then have this one renewed.',
  },
  'operator-card-untrusted': {
    happened: 'The certificate of this operator card was not issued by the authority that your organisation named.',
    card: 'Nothing happened to the cardholder’s card.',
    now: 'Use the operator card that your organisation gave you, or a passkey.',
  },
  'operator-card-revoked': {
    happened: 'The certificate of this operator card was revoked.',
    card: 'Nothing happened to the cardholder’s card.',
    now: 'Use a passkey. Hand this card in, remove it under My account, and ask for a new one.',
  },
  'operator-card-revocation-unknown': {
    happened:
      'The server has no current list of revoked operator cards, so it cannot tell whether this one still counts.',
    card: 'Nothing happened to the cardholder’s card.',
    now: 'Use a passkey, or try again in some minutes. Tell your administrator: the server’s log says which list is missing.',
  },
  'operator-card-exists': {
    happened: 'This card is an operator’s card already.',
    card: 'It stays whose it is.',
    now: 'Take another card, or have it removed there first.',
  },
  'operator-pin-missing': {
    happened: 'Nothing leaves before you have confirmed it with your Operator PIN.',
    card: UNTOUCHED,
    now: 'Press Cryptogram again and confirm.',
  },
  'self-service-not-allowed': {
    happened: 'This card may not be unblocked by its holder alone.',
    card: UNTOUCHED,
    now: 'Call the help desk, or use your PUC where you have one.',
  },
  'self-service-closed': {
    happened: 'Your organisation has closed self-service for now.',
    card: UNTOUCHED,
    now: 'Call the help desk. Your PUC still works where you have one.',
  },
  'self-service-tries': {
    happened: 'There were too many wrong tries with this card in the last half hour.',
    card: UNTOUCHED,
    now: 'Show in another way that it is you, wait half an hour, or call the help desk.',
  },
  'unblock-code-wrong': {
    happened: 'This unblock code is not right, was used before, or is too old.',
    card: UNTOUCHED,
    now: 'Compare it with what you were told, or with your sheet, and type it once more. After five wrong ones the help desk gives you another.',
  },
  'one-time-password-wrong': {
    happened: 'This one-time password is not right, was used before, or is too old.',
    card: UNTOUCHED,
    now: 'Wait until your app shows the next six digits, and type those. If they are always wrong, set the clock of your device, or show in another way that it is you.',
  },
  'one-time-passwords-full': {
    happened: 'You have as many one-time passwords as there may be for one person.',
    card: UNTOUCHED,
    now: 'Remove one that you do not use any more, and begin once more.',
  },
  'holder-session-over': {
    happened: 'My Smartcard was closed: its time is over, the card was taken out, or it was opened elsewhere.',
    card: UNTOUCHED,
    now: 'Type the PIN of your card once more.',
  },
  'identity-refused': {
    happened:
      'The identity provider did not say that it is you: the sign-in was cancelled, is too old, or was somebody else’s.',
    card: UNTOUCHED,
    now: 'Begin the sign-in once more, as yourself, or take another way.',
  },
  'identity-answer-invalid': {
    happened:
      'The answer of the identity provider does not hold: it was not signed by it, or was meant for another program or another sign-in.',
    card: UNTOUCHED,
    now: 'Begin the sign-in once more, or take another way. If it happens again, tell the help desk: the provider may be set up wrongly, or somebody stands in between.',
  },
  'identity-provider-unreachable': {
    happened: 'The identity provider cannot be reached, is out of order, or does not prove who it is.',
    card: UNTOUCHED,
    now: 'Take another way, or try again later.',
  },
  'way-not-set-up': {
    happened: 'This was never set up for you, or it does not count yet.',
    card: UNTOUCHED,
    now: 'Take another way, or call the help desk.',
  },
  'logon-wrong': {
    happened: 'This is not the password of your account.',
    card: UNTOUCHED,
    now: 'Type it once more, or take another way. After two wrong ones it is not tried again for half an hour.',
  },
  'account-locked': {
    happened: 'Your account is locked.',
    card: UNTOUCHED,
    now: 'Take another way, or call the help desk and have the account unlocked.',
  },
  'account-nearly-locked': {
    happened: 'One wrong password more would lock your account, so it was not tried.',
    card: UNTOUCHED,
    now: 'Take another way, or sign in to your computer with the password first.',
  },
  'account-disabled': {
    happened: 'Your account is disabled.',
    card: UNTOUCHED,
    now: 'Call the help desk.',
  },
  'account-expired': {
    happened: 'Your account has expired.',
    card: UNTOUCHED,
    now: 'Call the help desk.',
  },
  'account-password-expired': {
    happened: 'The password of your account has expired.',
    card: UNTOUCHED,
    now: 'Change it at a computer of your organisation, or take another way.',
  },
  'account-must-change': {
    happened: 'The password of your account must be changed before it can be used.',
    card: UNTOUCHED,
    now: 'Change it at a computer of your organisation, or take another way.',
  },
  'account-not-now': {
    happened: 'Your account may not be used at this time, or from here.',
    card: UNTOUCHED,
    now: 'Take another way, or call the help desk.',
  },
  'account-not-member': {
    happened: 'The password is right, but your account is not among those that may unblock a card with it.',
    card: UNTOUCHED,
    now: 'Take another way, or call the help desk.',
  },
  'caller-not-verified': {
    happened: 'Nobody has verified that the caller holds this card, or it was too long ago.',
    card: UNTOUCHED,
    now: 'Verify the caller by one of the ways that the page offers, then try again.',
  },
  'verification-insufficient': {
    happened: 'This card demands more: another way, or a second one that rests on something else.',
    card: UNTOUCHED,
    now: 'Verify the caller by one of the other ways that the page offers, then try again.',
  },
  'verification-over': {
    happened: 'This verification is over: its time is past, or it was used as often as it may be.',
    card: UNTOUCHED,
    now: 'Verify the caller once more.',
  },
  'verification-limit': {
    happened: 'This person was asked to prove who they are too often in the last hour.',
    card: UNTOUCHED,
    now: 'See them in person, or wait an hour. If you did not expect this, tell a supervisor: somebody may be trying.',
  },
  'verification-not-admitted': {
    happened: 'The template of this card does not admit this way.',
    card: UNTOUCHED,
    now: 'Choose one of the ways that the page offers.',
  },
  'verification-code-wrong': {
    happened: 'That is not what was sent.',
    card: UNTOUCHED,
    now: 'Have it read once more, slowly. After five wrong answers this way has failed.',
  },
  'verification-failed': {
    happened: 'This way failed: it was wrong too often, declined, or took too long.',
    card: UNTOUCHED,
    now: 'Be careful: this may not be the cardholder. Begin again, or choose another way.',
  },
  'address-missing': {
    happened: 'No such address is on record for this person, or none that a message can reach.',
    card: UNTOUCHED,
    now: 'Choose another way. Do not write down an address that the caller tells.',
  },
  'address-too-new': {
    happened: 'This address changed less than 14 days ago, and an impostor may have changed it.',
    card: UNTOUCHED,
    now: 'Choose another way; a supervisor sees what it was before.',
  },
  'phone-missing': {
    happened: 'No telephone number is on record for this person.',
    card: UNTOUCHED,
    now: 'Choose another way. Do not write down a number that the caller tells.',
  },
  'no-mail-connection': {
    happened: 'No connection is chosen by which mail leaves, or it was not tested as it is.',
    card: UNTOUCHED,
    now: 'Choose another way. An administrator chooses one at Options > Limits and threat level.',
  },
  'no-text-connection': {
    happened: 'No connection is chosen by which text messages leave, or it was not tested as it is.',
    card: UNTOUCHED,
    now: 'Choose another way. An administrator chooses one at Options > Limits and threat level.',
  },
  'manager-missing': {
    happened: 'No manager is on record for this person.',
    card: UNTOUCHED,
    now: 'Choose another way. Do not take the name of a manager from the caller.',
  },
  'manager-no-account': {
    happened: 'The manager on record has no account here, or two accounts have that name.',
    card: UNTOUCHED,
    now: 'Choose another way. An administrator can add the manager at Options > Operators, with the role Manager.',
  },
  'approval-own': {
    happened: 'Nobody approves what he asked for himself, and not from the same browser either.',
    card: UNTOUCHED,
    now: 'Have somebody else approve it, signed in at a computer of his own.',
  },
  'person-passkey-missing': {
    happened: 'This person has no passkey here.',
    card: UNTOUCHED,
    now: 'Choose another way. When the person is before you, the page of the person lets them add one.',
  },
  'person-passkey-too-new': {
    happened: 'The passkey of this person is less than seven days old, and does not count yet.',
    card: UNTOUCHED,
    now: 'Choose another way.',
  },
  'proof-code-refused': {
    happened: 'This code is not valid, or not any more.',
    card: UNTOUCHED,
    now: 'Compare it with what you were told, or ask for a new one.',
  },
  'standard-refuses': {
    happened: 'The template of this card keeps a standard that does not allow this way of unblocking.',
    card: UNTOUCHED,
    now: 'Unblock it at a station, with the cardholder there: FIPS 201-3, 2.9.3.1.',
  },
  'second-operator-needed': {
    happened: 'A second operator must approve this release, and none has.',
    card: UNTOUCHED,
    now: 'Ask for the approval on this page. A colleague answers on the page Approvals, at a computer of his own.',
  },
  'second-operator-not-needed': {
    happened: 'Nothing demands a second operator here now.',
    card: UNTOUCHED,
    now: 'Go on without one.',
  },
  'release-limit-person': {
    happened: 'Too much was released for this person today.',
    card: 'It stays blocked; nothing on it is lost.',
    now: 'Send the cardholder to the badge office, or try again tomorrow. Tell a supervisor if you did not expect this.',
  },
  'release-limit-persons': {
    happened: 'You released for too many people within ten minutes.',
    card: UNTOUCHED,
    now: 'Wait some minutes, or have a colleague serve this caller. A supervisor sees that this limit was reached.',
  },
  'release-limit-outstanding': {
    happened: 'Too many of the cryptograms that you gave have no outcome on record yet.',
    card: UNTOUCHED,
    now: 'Write down what became of them first: on each card, how it ended.',
  },
  'desk-changed': {
    happened: 'Somebody else changed these settings since you opened the page.',
    card: NO_CARD_INVOLVED,
    now: 'Reload the page, look at what changed, and make your change again.',
  },
  'notice-link-refused': {
    happened: 'This link is not one of ours, or it was not copied whole.',
    card: UNTOUCHED,
    now: 'Open the link in the message itself. If that does not help, call the help desk.',
  },
  'notice-link-over': {
    happened: 'This link is more than 30 days old, or the card is retired or somebody else’s.',
    card: UNTOUCHED,
    now: 'If something was done with your card that was not you, call the help desk.',
  },
  'notice-over': {
    happened: 'This notice is being sent at this moment, or the holder answered it already.',
    card: UNTOUCHED,
    now: 'Look at its addresses again in a moment.',
  },
  'notice-older': {
    happened: 'This happened before notices were delivered.',
    card: UNTOUCHED,
    now: 'If the holder must know, tell them yourself.',
  },
  'incident-open': {
    happened: 'The holder of this card said that something done with it was not them, and the incident is open.',
    card: 'The card stays suspended.',
    now: 'Somebody other than the operator of that day sees the holder in person and closes the incident at Evidence > Incidents.',
  },
  'incident-over': {
    happened: 'Somebody closed this incident already.',
    card: UNTOUCHED,
    now: 'Reload the page to see what was found.',
  },
  'incident-own': {
    happened: 'The incident is about something that you did.',
    card: 'A card that is suspended for it stays suspended.',
    now: 'Another supervisor must look into it and close it.',
  },
  'holder-not-seen': {
    happened: 'Nobody has said that the holder was seen in person.',
    card: 'The card stays suspended.',
    now: 'See the holder in person with a document, and say which one it was. If the card is not to be used again, revoke it first.',
  },
  'approval-over': {
    happened: 'This request was answered already, or its time is past.',
    card: UNTOUCHED,
    now: 'If it is still needed, it must be asked for anew.',
  },
  'attempt-busy': {
    happened: 'A signature or the card is waited for in this attempt.',
    card: 'It goes on as it was.',
    now: 'Wait until it is signed or done, two minutes at most, then try again.',
  },
  'colleague-unfit': {
    happened: 'This operator cannot take the attempt over: it is theirs, or they may release nothing.',
    card: UNTOUCHED,
    now: 'Choose another operator.',
  },
  'attempt-closed': {
    happened: 'This unblock is closed.',
    card: 'Nothing more is released for it.',
    now: 'Begin a new one with a new challenge.',
  },
  'release-limit-card': {
    happened: 'Too many cryptograms were released for this card today.',
    card: 'It stays blocked; nothing on it is lost.',
    now: 'Send the cardholder to the badge office, or try again tomorrow. Tell a supervisor if you did not expect this.',
  },
  'release-limit-operator': {
    happened: 'You have released too many cryptograms in the last hour.',
    card: 'It stays blocked; nothing on it is lost.',
    now: 'Hand the call to a colleague.',
  },
  'supervisor-needed': {
    happened: 'Only a supervisor may release this cryptogram.',
    card: 'Few tries are left on this card. If they are used up, it cannot be unblocked any more.',
    now: 'Hand the call to a supervisor.',
  },
  'try-not-approved': {
    happened: 'Finding out spends a try of this card, and no supervisor approved that within the last 15 minutes.',
    card: 'Nothing on it was changed, and no try was spent.',
    now: 'A supervisor chooses the card in the console, opens “What to tell the caller, and what never to try”, and approves one try. Then do this again.',
  },
  'outcome-outstanding': {
    happened: 'It is not known how the last cryptogram for this card ended.',
    card: 'One of its tries may be lost.',
    now: 'Ask the caller for the receipt of the last unblock and enter it, or send the cardholder to the badge office.',
  },
  'receipt-mismatch': {
    happened: 'The receipt is wrong.',
    card: 'The card is as the caller says; only the proof of it is missing.',
    now: 'Ask the caller to read the four digits again.',
  },
  'too-many-receipts': {
    happened: 'There were too many wrong receipts.',
    card: 'What happened on the card stays unknown until it is seen again.',
    now: 'End the call. The outcome is recorded when the card is next connected.',
  },
  'key-service-limit': {
    happened: 'The key service has reached its hourly limit.',
    card: 'It stays blocked; nothing on it is lost.',
    now: 'Tell an administrator at once: this limit is there to stop misuse. Then try again in the next hour.',
  },
  'admin-key-refused': {
    happened: 'The card refused the admin key that is on record for it: somebody changed it, or this is another card.',
    card: 'Nothing on it was changed. Where it counts the tries of that key, one may be lost, and none is spent again.',
    now: 'Tell your security team. Nothing is released for this card until it is issued again at a station (unlatch reissue).',
  },
  'rehearsal-failed': {
    happened: 'The card did not prove that it is the one on record.',
    card: 'Nothing on it was changed.',
    now: 'Take it out and put it back. If it happens again, it may be a copy: keep it and tell your security team.',
  },
  'restore-not-accepted': {
    happened: 'The database is older than the journal of the key service: it was restored from a backup.',
    card: UNTOUCHED,
    now: 'The key custodian must run “unlatch restore accept” before anything is released.',
  },
  'folder-in-use': {
    happened: 'Another server uses this folder.',
    card: NO_CARD_INVOLVED,
    now: 'Stop the other server, or name another folder.',
  },
  'keys-locked': {
    happened: 'The key store is locked.',
    card: 'It stays blocked; nothing on it is lost.',
    now: 'Tell an administrator: nobody can be unblocked until the keys are opened.',
  },

  // at the card
  'no-reader': {
    happened: 'No card reader is connected.',
    card: 'Your card is all right.',
    now: 'Connect a card reader to this computer.',
  },
  'no-card': {
    happened: 'There is no card in the reader.',
    card: 'Your card is all right.',
    now: 'Put your smart card into the reader, chip first.',
  },
  'card-removed': {
    happened: 'The card was removed.',
    card: 'The challenge is no longer valid. Nothing on the card is lost.',
    now: 'Put the card back and we make a new one.',
  },
  'challenge-superseded': {
    happened: 'Another program used the card in the meantime.',
    card: 'The challenge is no longer valid. Nothing on the card is lost.',
    now: 'Close other programs that use the card, then start again with a new challenge.',
  },
  'reader-in-use': {
    happened: 'Another program holds the card.',
    card: UNTOUCHED,
    now: 'Close other programs that use the card, then try again.',
  },
  'outcome-unknown': {
    happened: 'The connection to the card broke at the last step.',
    card: 'The card may or may not have taken the new PIN.',
    now: 'Put the card back and wait: we look before anything is tried again.',
  },
  'reader-unreachable': {
    happened: 'The card readers of this computer cannot be reached.',
    card: UNTOUCHED,
    now: 'Unplug the reader and plug it in again. If that does not help, restart the computer.',
  },
  'card-not-blocked': {
    happened: 'The card is not blocked.',
    card: 'Its PIN still works.',
    now: 'Sign in with the PIN. If it was forgotten, the badge office can help.',
  },
  'card-not-supported': {
    happened: 'This card cannot be unblocked this way.',
    card: UNTOUCHED,
    now: 'Bring the card to the badge office, or call the help desk.',
  },
  'global-pin': {
    happened: 'The everyday PIN of this card is set elsewhere.',
    card: UNTOUCHED,
    now: "Call the help desk: the card's issuer must help.",
  },
  'cryptogram-mistyped': {
    happened: 'The cryptogram is mistyped.',
    card: 'The card has not seen it; no try is lost.',
    now: 'Compare it with the help desk, group by group, and type it again.',
  },
  'attempt-ended': {
    happened: 'The challenge is no longer valid.',
    card: 'Nothing on the card is lost.',
    now: 'Start again: we make a new challenge.',
  },
  'pin-policy': {
    happened: 'The new PIN breaks the rules.',
    card: 'The card has not seen it; no try is lost.',
    now: 'Choose a PIN that meets every rule in the list.',
  },
  'pin-mismatch': {
    happened: 'The two PINs differ.',
    card: 'The card has not seen them; no try is lost.',
    now: 'Type the new PIN the same way twice.',
  },
  'pin-refused-by-card': {
    happened: 'The card refuses this PIN.',
    card: 'It stays blocked; nothing on it is lost.',
    now: 'Choose another PIN.',
  },
  'pin-malformed': {
    happened: 'What you typed as the current PIN cannot be the PIN of this card.',
    card: 'The card was not asked. No try is used.',
    now: 'Type the PIN that the card has now. A card fresh from its maker often has 123456.',
  },
  'pin-wrong': {
    happened: 'The PIN is wrong.',
    card: 'One of its tries is used.',
    now: 'Type the PIN again with care.',
  },
  'puk-refused': {
    happened: "The card did not accept the server's secret.",
    card: 'One of its tries to unblock is used. Nothing else on it is lost.',
    now: 'Do not try again. Read the receipt to the help desk.',
  },
  'puc-malformed': {
    happened: 'What you typed has not the eight digits of a PUC.',
    card: 'The card was not asked. No try is used.',
    now: 'Compare it with your letter and type it again.',
  },
  'puc-refused': {
    happened: 'The card refused this PUC.',
    card: 'One of its tries is used. Nothing else on it is lost.',
    now: 'Compare the PUC with your letter, digit by digit, and see that the letter is for this card. If it is the same, do not try again: call the help desk.',
  },
  'puk-blocked': {
    happened: 'The card can no longer be unblocked.',
    card: 'All its tries are used up. It cannot be used to sign in any more.',
    now: 'Go to the badge office: you need a new card.',
  },
  'last-try': {
    happened: 'This would be the last try.',
    card: 'If it is refused, the card can never be unblocked again.',
    now: 'Confirm that you want this, or go to the badge office with the card.',
  },
  'cryptogram-refused': {
    happened: 'The card refused the cryptogram.',
    card: 'It stays blocked, and one of its tries may be used.',
    now: 'Tell the help desk, then start again with a new challenge.',
  },
  'card-fault': {
    happened: 'The card gave an answer that makes no sense.',
    card: 'It may not sit well in the reader, or it may be damaged.',
    now: 'Take the card out, wipe the chip with a dry cloth, put it back and start again.',
  },
  'configuration-missing': {
    happened: 'This computer has not received its configuration from the server yet.',
    card: UNTOUCHED,
    now: 'Connect this computer to the network of your organisation once, or call the help desk.',
  },

  // reaching things
  'server-unreachable': {
    happened: 'The server cannot be reached.',
    card: UNTOUCHED,
    now: 'Check the network and try again. What you typed is still here.',
  },
  'database-unreachable': {
    happened: 'The server cannot reach its database at the moment.',
    card: UNTOUCHED,
    now: 'Wait a minute and try again. What you typed is still there. If it lasts, tell your administrator.',
  },
  'database-full': {
    happened: 'The server has no room left to write down what it does, so it does nothing.',
    card: UNTOUCHED,
    now: 'Tell your administrator: the disk of the database is full.',
  },
  'database-unfit': {
    happened: 'The database is set up so that it could lose what was committed.',
    card: NO_CARD_INVOLVED,
    now: 'Change the setting that the server names in its log, then start the server again.',
  },
  'backup-damaged': {
    happened: 'The backup is not whole, or was changed.',
    card: NO_CARD_INVOLVED,
    now: 'Nothing was touched. Take another backup, or another copy of this one.',
  },
  'server-not-ready': {
    happened: 'The server runs, but it cannot serve.',
    card: NO_CARD_INVOLVED,
    now: 'Look at what it names: the database, a restore that waits to be accepted, or the disk.',
  },
  'session-ended': {
    happened: 'This page is no longer connected.',
    card: UNTOUCHED,
    now: 'Close it and open the unblock screen again.',
  },
} as const satisfies Record<ProblemCode, ProblemText>
