import { lookAtScenes } from './look-at-scenes.ts'
import { MY_SMARTCARD_SCENES } from './my-smartcard-scenes.ts'

lookAtScenes('My Smartcard', MY_SMARTCARD_SCENES)
