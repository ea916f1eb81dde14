import { lookAtScenes } from './look-at-scenes.ts'
import { TEMPLATE_SCENES } from './template-scenes.ts'

lookAtScenes('templates and connections', TEMPLATE_SCENES)
