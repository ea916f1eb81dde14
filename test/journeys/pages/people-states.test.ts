import { lookAtScenes } from './look-at-scenes.ts'
import { PEOPLE_SCENES } from './people-scenes.ts'

lookAtScenes('people', PEOPLE_SCENES)
