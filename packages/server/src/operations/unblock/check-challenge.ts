import { type ChallengeVerdict, CheckChallenge } from '@unlatch/contract'
import { countMisses, insertMiss, lockUnblock } from '../../records/unblocks/unblocks.ts'
import { operation } from '../operation.ts'
import { judgeChallenge } from './judge-challenge.ts'
import { MISSES_PER_UNBLOCK } from './limits.ts'
import { findObstacle } from './rules.ts'

/** Tells the operator, while the caller is on the line, what is wrong with a challenge. Misses are counted. */
export const checkChallenge = operation({
  name: 'unblock.check-challenge',
  permission: 'unblock:release',
  input: CheckChallenge,
  subject: ({ unblockId }) => `unblock:${unblockId}`,
  async run({ tx, keys, now, settings }, { unblockId, challenge }, actor) {
    const { unblock, card } = await lockUnblock(tx, unblockId, actor.id)
    const judged = await judgeChallenge(
      { tx, keys, now, allowsBareForm: settings.allowsBareForm },
      unblock,
      card,
      challenge,
    )
    let verdict: string = judged.code
    if (judged.code === 'match') {
      verdict = judged.answered ? 'challenge-answered' : ((await findObstacle(tx, card, judged, actor)) ?? 'match')
    } else if ('isMiss' in judged && judged.isMiss) {
      await insertMiss(tx, unblock, now)
    }
    const other = 'otherCard' in judged ? judged.otherCard : null
    const misses = await countMisses(tx, unblock, now)
    const result: ChallengeVerdict = {
      verdict,
      form: judged.form,
      otherCard: other && { id: other.id, label: other.label, printedSerial: other.printed_serial },
      missesLeft: Math.max(MISSES_PER_UNBLOCK - misses.inUnblock, 0),
    }
    return { result, event: { cardId: card.id, verdict, form: judged.form } }
  },
})
