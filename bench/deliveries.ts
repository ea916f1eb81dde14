/**
 * Claim: what the outbox holds is delivered, and a server that is killed again and again loses nothing and sends no two PUCs.
 *
 * `node bench/deliveries.ts [--deliveries 10000] [--kills 3]`: PUCs by mail to a real mail server over TLS, one connection for
 * each mail; the server in a process of its own, on SQLite, ended by `kill -9` in the middle and started again. Beside it how
 * many mails the same mail server takes without Unlatch. What was under way at a kill is sent again two minutes later, under
 * the same Message-ID and with the same PUC: that is counted.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { smtpCarrier } from '../packages/server/src/adapters/smtp/smtp.ts'
import { openSoftKeys } from '../packages/server/src/adapters/soft-keys/soft-keys.ts'
import { fillSqlite } from '../packages/server/src/db/fill.fixture.ts'
import { type MailServer, smtpOf, startMailServer } from '../packages/unlatch/src/demo/mail-server.ts'
import { bounded } from './rig/bounded.ts'
import { printTable } from './rig/figures.ts'
import { type Served, serve } from './rig/served.ts'
import { benchOptions, stageOrganisation } from './rig/stage.ts'

const { values: words } = parseArgs({
  options: { deliveries: { type: 'string', default: '10000' }, kills: { type: 'string', default: '3' } },
})
const DELIVERIES = Number(words.deliveries)
const KILLS = Number(words.kills)
/** The mail server by itself: so many mails, four side by side as the job sends them. */
const BARE = 400
const SIDE_BY_SIDE = 4

/** One delivery for each card, all of them due. */
async function fillOutbox(folder: string, mail: MailServer): Promise<void> {
  await stageOrganisation(folder, { cards: DELIVERIES, live: 1, operators: 1 })
  const keysFolder = join(folder, 'keys')
  const protection = { keyFile: join(keysFolder, 'unlock.key') }
  const keys = await openSoftKeys({
    folder: keysFolder,
    protection,
    clock: { now: () => new Date() },
    releasesPerHour: 1,
  })
  const connection_id = randomUUID()
  const sealed_secret = await keys.wrapConnectionSecret(connection_id, mail.user.password)
  await keys.close()
  const at = new Date().toISOString()
  const path = join(folder, 'unlatch.db')
  const db = new DatabaseSync(path)
  const cards = db.prepare('select id, person_id from cards').all() as { id: string; person_id: string }[]
  db.close()
  const settings = JSON.stringify({ kind: 'smtp', smtp: smtpOf(mail) })
  const connection = { id: connection_id, name: 'Mail', settings, sealed_secret, is_removed: 0, tested_at: at }
  const fresh = { generation: '0.1', state: 'queued', attempts: 0, next_at: at, created_at: at }
  fillSqlite(path, [
    { table: 'connections', rows: [{ ...connection, created_at: at, revision: 1 }] },
    {
      table: 'deliveries',
      rows: cards.map(({ id, person_id }) => ({ id: randomUUID(), card_id: id, person_id, connection_id, ...fresh })),
    },
  ])
}

/** What the mail server takes in a second when nobody keeps a record. */
async function measureBare(mail: MailServer): Promise<number> {
  const message = {
    isTest: true,
    language: 'en' as const,
    card: { label: '', printedSerial: '' },
    puc: '00000000',
    windowsForm: null,
    organisation: '',
  }
  const to = { name: 'x', email: 'bare@example.org', phone: '', department: '' }
  let left = BARE
  const begun = performance.now()
  const worker = async () => {
    while (left-- > 0) {
      const rest = { helpDeskPhone: '', subject: 'bare', text: 'x'.repeat(600) }
      const connection = { details: { kind: 'smtp', smtp: smtpOf(mail) }, secret: mail.user.password } as const
      await smtpCarrier.send(connection, { id: randomUUID(), to, ...message, ...rest })
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker))
  return (BARE * 1000) / (performance.now() - begun)
}

/** Each mail's id and PUC, of what arrived for people. */
function readArrived(mail: MailServer): Map<string, string[]> {
  const arrived = new Map<string, string[]>()
  for (const { to, text } of mail.mails) {
    if (to.includes('bare@example.org')) continue
    const id = /^Message-ID: <([^@]+)@/im.exec(text)?.[1] ?? ''
    const puc = /^ {4}(\d{4} \d{4})/m.exec(text)?.[1] ?? ''
    arrived.set(id, [...(arrived.get(id) ?? []), puc])
  }
  return arrived
}

await bounded(15, async (later) => {
  const folder = mkdtempSync(join(tmpdir(), 'unlatch-bench-'))
  later(() => rmSync(folder, { recursive: true, force: true }))
  const mail = await startMailServer()
  later(() => mail.close())
  const bare = await measureBare(mail)
  await fillOutbox(folder, mail)
  let served: Served = await serve(benchOptions(folder))
  later(() => served.stop())
  const begun = performance.now()
  let unhindered: number | undefined
  for (let kill = 1; readArrived(mail).size < DELIVERIES; ) {
    await sleep(200)
    const count = readArrived(mail).size
    if (kill > KILLS || count < (DELIVERIES * kill) / (KILLS + 1)) continue
    unhindered ??= (count * 1000) / (performance.now() - begun)
    served.kill()
    kill++
    served = await serve(benchOptions(folder))
  }
  const arrived = readArrived(mail)
  const again = [...arrived.values()].filter((pucs) => pucs.length > 1)
  const different = again.filter((pucs) => new Set(pucs).size > 1)
  printTable(
    ['', ''],
    [
      ['mails a second, without Unlatch', `${bare.toFixed(0)}/s`],
      ['deliveries a second, until the first kill', `${(unhindered ?? 0).toFixed(0)}/s`],
      [`arrived, of ${DELIVERIES}, with ${KILLS} kills`, `${arrived.size}`],
      ['sent again under the same id', `${again.length}`],
      ['sent again with another PUC', `${different.length}`],
    ],
  )
})
