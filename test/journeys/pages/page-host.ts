import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROBLEMS, type ProblemCode, problemType } from '@unlatch/contract'

/** What a pretended program answers: a value, a problem, nothing (204), or no answer at all. */
export type Reply =
  | { json: unknown; status?: number }
  | { problem: ProblemCode; facts?: object }
  | 'nothing'
  | 'hang'
  | 'drop'

/** Answers one request of a page. */
export type Respond = (request: {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
}) => Reply | Promise<Reply>

/** The built pages. */
export const WEB_FOLDER = fileURLToPath(new URL('../../../packages/web/dist', import.meta.url))

/** As the build names it. */
const GERMAN = /^\/assets\/de-[^/]+\.js$/
const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }

/**
 * Serves one built page under the policy that the products serve it under; everything that is no file goes to `respond`.
 *
 * @param german - stands in for the German catalogue.
 */
export async function startPageHost(page: string, respond: Respond, german?: string) {
  const html = await readFile(join(WEB_FOLDER, page), 'utf8')
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://page')
    if (url.pathname.startsWith('/assets/')) {
      response.setHeader('content-type', TYPES[extname(url.pathname)] ?? 'application/octet-stream')
      response.setHeader('cache-control', 'max-age=3600, immutable')
      if (german !== undefined && GERMAN.test(url.pathname)) return response.end(german)
      return response.end(await readFile(join(WEB_FOLDER, url.pathname)).catch(() => ''))
    }
    if (request.headers.accept?.includes('text/html')) {
      const nonce = randomBytes(16).toString('base64')
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('content-security-policy', policy(nonce))
      return response.end(html.replaceAll('__NONCE__', nonce))
    }
    const { pathname, searchParams } = url
    const body = await readBody(request)
    const reply = await respond({ method: request.method ?? 'GET', path: pathname, query: searchParams, body })
    if (reply === 'hang') return
    if (reply === 'drop') return request.socket.destroy()
    if (reply === 'nothing') return response.writeHead(204).end()
    if ('json' in reply) {
      return response
        .writeHead(reply.status ?? 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(reply.json))
    }
    const { status, title } = PROBLEMS[reply.problem]
    const document = { ...reply.facts, type: problemType(reply.problem), title, status, instance: 'req-4f' }
    response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const policy = (nonce: string) =>
  `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; ` +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

async function readBody(request: IncomingMessage): Promise<unknown> {
  const octets: Buffer[] = []
  for await (const piece of request) octets.push(piece as Buffer)
  const text = Buffer.concat(octets).toString()
  return text === '' ? undefined : JSON.parse(text)
}
