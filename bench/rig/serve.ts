import { startServer } from '@unlatch/server'

/** The server of a bench in a process of its own: tells its address and process id, and ends with its standard input. */
const server = await startServer(JSON.parse(process.argv[2] ?? '{}'))
console.log(JSON.stringify({ url: server.url, pid: process.pid }))
process.stdin.on('end', () => void server.close().then(() => process.exit(0))).resume()
