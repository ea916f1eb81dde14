/** The server of a stage in a process of its own, to be killed: is told its folder, tells where it listens. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startStageServer } from '../../packages/unlatch/src/demo/stage.ts'

const [folder] = await once(createInterface({ input: process.stdin }), 'line')
const { url, configurationKeyHex } = await startStageServer(folder, { releasesPerHour: 10_000 })
console.log(JSON.stringify({ url, configurationKeyHex }))
