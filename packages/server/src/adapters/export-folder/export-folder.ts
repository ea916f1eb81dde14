import { mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DeliveryError } from '../../ports/delivery.ts'
import type { ExportFolder } from '../../ports/export-folder.ts'

/** A folder on this computer, made when it is first used; its files are the server's alone. */
export const openExportFolder = (root: string): ExportFolder => ({
  async write(folder, name, octets) {
    const place = join(root, folder)
    try {
      await mkdir(place, { recursive: true, mode: 0o700 })
      const half = join(place, `.${name}.part`)
      const file = await open(half, 'w', 0o600)
      try {
        await file.writeFile(octets)
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(half, join(place, name))
      await flush(place)
    } catch (cause) {
      throw new DeliveryError('delivery-unreachable', (cause as Error).message, { cause })
    }
  },
})

/** A name is on the disk when its folder is. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
