import { lookAtScenes } from './look-at-scenes.ts'
import { UNBLOCK_SCREEN_SCENES } from './unblock-screen-scenes.ts'

lookAtScenes('the unblock screen', UNBLOCK_SCREEN_SCENES)
