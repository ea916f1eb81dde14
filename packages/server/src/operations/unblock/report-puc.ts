import { PucReport, type PucReportTaken } from '@unlatch/contract'
import { isStation } from '../../records/actors.ts'
import { hasDone } from '../../records/audit/done.ts'
import { findCardByUuid, lockCard } from '../../records/cards/cards.ts'
import { notePuc } from '../../records/desk-events/desk-events.ts'
import { tellHolder } from '../../records/notices/notices.ts'
import { afterPucReport } from '../../records/puk-records/puk-record.ts'
import { findPukRecord, updatePukRecord } from '../../records/puk-records/puk-records.ts'
import { Fault, operation } from '../operation.ts'

/** One line of one agent's journal: the card, and when it was written. */
const subjectOf = ({ cardUuid, at }: PucReport) => `puc-report:${cardUuid}/${at}`

/**
 * An agent tells what became of an unblock with the PUC, when it can reach the server again: the PUC is spent, and the PUK is
 * exposed until a station exchanges it. The same line again changes nothing: the log has it.
 *
 * Nothing in such a report is proved. It may be a lie, so it takes tries away and adds none, says nothing about candidates (a
 * refused PUC may have been mistyped), and that no try is left is believed of a station alone.
 */
export const reportPuc = operation({
  name: 'unblock.report-puc',
  permission: 'agent:report',
  input: PucReport,
  subject: subjectOf,
  async run({ tx, now }, report, actor) {
    const found = await findCardByUuid(tx, report.cardUuid)
    if (!found) throw new Fault('card-unknown')
    const card = await lockCard(tx, found.id)
    const { outcome, triesLeft } = report
    const event = { cardId: card.id, told: outcome, triesLeft, at: report.at }
    const end = (result: PucReportTaken['result']) => ({ result: { result }, event: { ...event, result } })
    if (await hasDone(tx, 'unblock.report-puc', subjectOf(report))) return end('known')
    const stored = await findPukRecord(tx, card.id)
    if (!stored) return end('no-puk')
    const exposed = { at: now.toISOString(), to: card.person_id }
    await updatePukRecord(tx, card.id, stored, afterPucReport(stored.record, report, exposed, isStation(actor)))
    if (outcome === 'unblocked') {
      await tellHolder(tx, card, { kind: 'pin-unblocked', procedure: 'puc' }, now)
      await notePuc(tx, now)
    }
    return end('recorded')
  },
})
