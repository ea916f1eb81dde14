import { LIVE_DESK_SCENES } from './live-desk-scenes.ts'
import { lookAtScenes } from './look-at-scenes.ts'

lookAtScenes('the desk', LIVE_DESK_SCENES)
