#!/usr/bin/env node
// Starts Unlatch on the Node that it needs: this one when it is new enough, else the one that npm installed beside it.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const isNewEnough = major > 24 || (major === 24 && minor >= 15)

function findInstalledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`node-${platform}-${process.arch}/package.json`))
    return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  } catch {
    return undefined
  }
}

if (isNewEnough) {
  const { main } = await import('../src/main.ts')
  await main(process.argv.slice(2))
} else {
  const node = findInstalledNode()
  if (!node) {
    console.error(`unlatch: Node 24.15 or newer is needed, this is ${process.versions.node}`)
    process.exit(2)
  }
  const again = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(again.status ?? 1)
}
