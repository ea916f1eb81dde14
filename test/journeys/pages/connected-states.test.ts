import { CONNECTED_SCENES } from './connected-scenes.ts'
import { lookAtScenes } from './look-at-scenes.ts'

lookAtScenes('a card in a reader', CONNECTED_SCENES)
