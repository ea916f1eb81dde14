/** The server of these journeys in a process of its own, to be killed: FOLDER. Tells where it listens. */
import { openServer } from './call-stage.fixture.ts'

const [, , folder = ''] = process.argv
const { url, configurationKeyHex } = await openServer(folder, false)
console.log(JSON.stringify({ url, configurationKeyHex }))
