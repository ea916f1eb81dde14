import { lookAtScenes } from './look-at-scenes.ts'
import { OPERATOR_SCENES } from './operator-scenes.ts'

lookAtScenes('operators', OPERATOR_SCENES)
