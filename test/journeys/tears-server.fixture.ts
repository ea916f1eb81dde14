/** The server of these journeys in a process of its own, to be killed: is told its folder, tells where it listens. */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { openServer } from './call-stage.fixture.ts'

const [folder] = await once(createInterface({ input: process.stdin }), 'line')
const { url, configurationKeyHex } = await openServer(folder, false)
console.log(JSON.stringify({ url, configurationKeyHex }))
