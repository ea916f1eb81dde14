import { acceptRestoredDatabase } from '@unlatch/server'
import { WEB_FOLDER } from './demo/stage.ts'

/** `restore accept`: says what was put right, and which cards are unknown. */
export async function acceptRestore({ folder }: { folder: string }): Promise<void> {
  const { epoch, corrected, unknown } = await acceptRestoredDatabase({
    folder,
    webFolder: WEB_FOLDER,
    logLevel: 'silent',
  })
  console.log(
    `Accepted. Epoch ${epoch} begins; ${corrected} card records were put right from the key journal; all sessions ended.`,
  )
  if (unknown.length === 0) return
  console.log(`${unknown.length} cards were registered after the backup and are unknown now; bring them to a station:`)
  for (const cardUuid of unknown) console.log(`  ${cardUuid}`)
}
