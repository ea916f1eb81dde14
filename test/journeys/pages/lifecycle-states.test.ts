import { LIFECYCLE_SCENES } from './lifecycle-scenes.ts'
import { lookAtScenes } from './look-at-scenes.ts'

lookAtScenes('Register and Issue', LIFECYCLE_SCENES)
