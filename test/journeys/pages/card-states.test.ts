import { CARD_SCENES } from './card-scenes.ts'
import { lookAtScenes } from './look-at-scenes.ts'

lookAtScenes('cards and Health', CARD_SCENES)
