import { agents } from './de/agents.ts'
import { alerts } from './de/alerts.ts'
import { cards } from './de/cards.ts'
import { connected } from './de/connected.ts'
import { console } from './de/console.ts'
import { desk } from './de/desk.ts'
import { doctor } from './de/doctor.ts'
import { evidenceSheet } from './de/evidence-sheet.ts'
import { fourEyes } from './de/four-eyes.ts'
import { incidents } from './de/incidents.ts'
import { deskNumbers, liveDesk } from './de/live-desk.ts'
import { mails } from './de/mails.ts'
import { mySmartcard } from './de/my-smartcard.ts'
import { notices } from './de/notices.ts'
import { operatorPin } from './de/operator-pin.ts'
import { operators } from './de/operators.ts'
import { people } from './de/people.ts'
import { problems } from './de/problems.ts'
import { prove } from './de/prove.ts'
import { selfService } from './de/self-service.ts'
import { shared } from './de/shared.ts'
import { templates } from './de/templates.ts'
import { terminal } from './de/terminal.ts'
import { unblockScreen } from './de/unblock-screen.ts'
import { approvals, verification } from './de/verification.ts'

/** All texts in German. */
export const de = {
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
  prove,
  cards,
  agents,
  operators,
  people,
  templates,
  unblockScreen,
  selfService,
  mySmartcard,
  evidenceSheet,
  terminal,
  doctor,
  mails,
  notices,
  incidents,
  problems,
} as const
