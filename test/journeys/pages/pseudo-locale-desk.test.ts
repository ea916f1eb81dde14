import { CARD_SCENES } from './card-scenes.ts'
import { CONNECTED_SCENES } from './connected-scenes.ts'
import { CONSOLE_SCENES } from './console-scenes.ts'
import { LIFECYCLE_SCENES } from './lifecycle-scenes.ts'
import { lookInPseudoLocale } from './pseudo-locale.ts'
import { UNBLOCK_SCREEN_SCENES } from './unblock-screen-scenes.ts'

lookInPseudoLocale({
  console: CONSOLE_SCENES,
  connected: CONNECTED_SCENES,
  lifecycle: LIFECYCLE_SCENES,
  cards: CARD_SCENES,
  'unblock screen': UNBLOCK_SCREEN_SCENES,
})
