import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Problem } from '@unlatch/contract'
import { type RunningServer, startServer } from '@unlatch/server'
import { readServerOptions, type ServerWords } from './server-options.ts'
import { WEB_FOLDER } from './web-folder.ts'

/** Where a server listens that was not told where. */
const DEFAULT_PORT = { https: 8443, http: 8080 } as const

/** `serve`: the server, until it is told to stop. SIGHUP takes up a renewed certificate. */
export async function serve(words: ServerWords): Promise<void> {
  if (!existsSync(join(WEB_FOLDER, 'console.html')))
    throw new Problem('wrong-usage', { detail: 'npm run build comes first' })
  const options = await readServerOptions(words)
  const server = await startServer({ port: options.tls ? DEFAULT_PORT.https : DEFAULT_PORT.http, ...options })
  process.on('SIGHUP', () => renewCertificate(server))
  tellStart(server)
  await new Promise<void>((stop) => {
    process.once('SIGINT', () => stop())
    process.once('SIGTERM', () => stop())
  })
  await server.close()
}

function renewCertificate(server: RunningServer): void {
  try {
    server.reloadTls()
    console.error('unlatch: the certificate was read again')
  } catch (error) {
    console.error(`unlatch: the old certificate stays: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function tellStart(server: RunningServer): void {
  console.error(`unlatch: serving at ${server.url}`)
  console.error(`unlatch: configuration key for agents: ${server.configurationKeyHex}`)
  if (server.setUpCode !== undefined)
    console.error(
      `unlatch: nobody is set up yet. Open ${server.origin}/set-up and type this code, good once, for a day: ${server.setUpCode}`,
    )
  if (server.isBehindJournal)
    console.error('unlatch: the database was restored: stop, then "unlatch restore accept"; no card is served before')
}
