import { lookAtScenes } from './look-at-scenes.ts'
import { NOTICE_SCENES } from './notice-scenes.ts'

lookAtScenes('what cardholders are told, and incidents', NOTICE_SCENES)
