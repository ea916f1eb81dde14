import { agents } from './en/agents.ts'
import { alerts } from './en/alerts.ts'
import { cards } from './en/cards.ts'
import { connected } from './en/connected.ts'
import { console } from './en/console.ts'
import { desk } from './en/desk.ts'
import { doctor } from './en/doctor.ts'
import { evidenceSheet } from './en/evidence-sheet.ts'
import { fourEyes } from './en/four-eyes.ts'
import { incidents } from './en/incidents.ts'
import { deskNumbers, liveDesk } from './en/live-desk.ts'
import { mails } from './en/mails.ts'
import { mySmartcard } from './en/my-smartcard.ts'
import { notices } from './en/notices.ts'
import { operatorPin } from './en/operator-pin.ts'
import { operators } from './en/operators.ts'
import { people } from './en/people.ts'
import { problems } from './en/problems.ts'
import { prove } from './en/prove.ts'
import { selfService } from './en/self-service.ts'
import { shared } from './en/shared.ts'
import { templates } from './en/templates.ts'
import { terminal } from './en/terminal.ts'
import { unblockScreen } from './en/unblock-screen.ts'
import { approvals, verification } from './en/verification.ts'

/** All texts in English. */
export const en = {
  shared,
  console,
  connected,
  operatorPin,
  verification,
  approvals,
  liveDesk,
  deskNumbers,
  desk,
  alerts,
  fourEyes,
  evidenceSheet,
  prove,
  cards,
  agents,
  operators,
  people,
  templates,
  unblockScreen,
  selfService,
  mySmartcard,
  terminal,
  doctor,
  mails,
  notices,
  incidents,
  problems,
} as const
