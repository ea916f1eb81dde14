import { request } from 'node:https'
import type { CustomFetch } from 'openid-client'

/** An answer of a provider is a document, not a film. */
const LARGEST = 1024 * 1024

/** As `fetch`, for servers whose certificate comes from this authority (PEM), and no others. Redirections are not followed. */
export const fetchTrusting =
  (authority: string): CustomFetch =>
  (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const options = { method, headers, ca: authority, minVersion: 'TLSv1.2' as const, ...(signal && { signal }) }
      const calling = request(url, options, (response) => {
        const parts: Buffer[] = []
        let length = 0
        response.on('data', (part: Buffer) => {
          length += part.length
          if (length > LARGEST) calling.destroy(new Error('the answer is too long'))
          else parts.push(part)
        })
        response.on('error', reject)
        response.on('end', () => {
          const fields = Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
            values.map((value): [string, string] => [name, value]),
          )
          const { statusCode: status = 0 } = response
          const isEmpty = status === 204 || status === 304
          resolve(new Response(isEmpty ? null : Buffer.concat(parts), { status, headers: fields }))
        })
      })
      calling.on('error', reject)
      // A form, which `fetch` would write by itself.
      calling.end(body instanceof URLSearchParams ? body.toString() : (body ?? undefined))
    })
