export { CardFileError, loadVirtualCardFile, openCardFile } from './card-file.ts'
export { createVirtualCard, loadVirtualCard, VIRTUAL_CARD_KINDS } from './create-virtual-card.ts'
export { giveAuthenticationKey } from './personalise/give-authentication-key.ts'
export { type GidsPersonalisation, personaliseGids } from './personalise/personalise-gids.ts'
export { type PersonalisedPiv, type PivPersonalisation, personalisePiv } from './personalise/personalise-piv.ts'
export type { PivCardKind, PivProfile } from './piv/piv-profile.ts'
export {
  type Exchange,
  PreparedRandom,
  ReplayChannel,
  type ReplayDifference,
  ReplayError,
  readTranscript,
  replay,
  type Transcript,
} from './replay.ts'
export type {
  VirtualCard,
  VirtualCardKind,
  VirtualCardOptions,
  VirtualCardState,
} from './virtual-card.ts'
export {
  type PowerCut,
  type VirtualConnection,
  VirtualReader,
  VirtualReaderError,
  type VirtualReaderErrorCode,
  type VirtualReaderEvent,
} from './virtual-reader.ts'
export { serveVpcd, type VpcdBridge, type VpcdOptions } from './vpcd/serve-vpcd.ts'
