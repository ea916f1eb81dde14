import { AGENT_SCENES } from './agent-scenes.ts'
import { LIVE_DESK_SCENES } from './live-desk-scenes.ts'
import { NOTICE_SCENES } from './notice-scenes.ts'
import { OPERATOR_SCENES } from './operator-scenes.ts'
import { PEOPLE_SCENES } from './people-scenes.ts'
import { lookInPseudoLocale } from './pseudo-locale.ts'
import { TEMPLATE_SCENES } from './template-scenes.ts'
import { VERIFICATION_SCENES } from './verification-scenes.ts'

lookInPseudoLocale({
  operators: OPERATOR_SCENES,
  people: PEOPLE_SCENES,
  agents: AGENT_SCENES,
  templates: TEMPLATE_SCENES,
  verification: VERIFICATION_SCENES,
  notices: NOTICE_SCENES,
  'live desk': LIVE_DESK_SCENES,
})
