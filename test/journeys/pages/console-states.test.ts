import { CONSOLE_SCENES } from './console-scenes.ts'
import { lookAtScenes } from './look-at-scenes.ts'

lookAtScenes('the Operator Console', CONSOLE_SCENES)
