import { AGENT_SCENES } from './agent-scenes.ts'
import { lookAtScenes } from './look-at-scenes.ts'

lookAtScenes('agents', AGENT_SCENES)
