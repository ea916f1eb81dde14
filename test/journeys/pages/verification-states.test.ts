import { lookAtScenes } from './look-at-scenes.ts'
import { VERIFICATION_SCENES } from './verification-scenes.ts'

lookAtScenes('who is calling', VERIFICATION_SCENES)
