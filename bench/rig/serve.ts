import { startServer } from '@unlatch/server'

/** The server of a bench in a process of its own: tells its address and process id, and ends at SIGTERM. */
const server = await startServer(JSON.parse(process.argv[2] ?? '{}'))
console.log(JSON.stringify({ url: server.url, pid: process.pid }))
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
