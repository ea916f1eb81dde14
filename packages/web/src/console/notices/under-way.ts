import type { NoticeView } from '@unlatch/contract'

/** True while a notice may yet reach somebody within moments. */
export const isUnderWay = ({ isPlanned, deliveries }: NoticeView): boolean =>
  !isPlanned || deliveries.some(({ state, problem }) => state === 'sending' || (state === 'queued' && problem === null))
