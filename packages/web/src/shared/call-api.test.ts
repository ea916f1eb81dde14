import { Session } from '@unlatch/contract'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ApiFailure, callApi } from './call-api.ts'

const answering = (answer: () => Promise<Response> | Response) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => answer()),
  )
const failureOf = async (call: Promise<unknown>) => (await call.catch((thrown) => thrown)) as ApiFailure
const ask = () => callApi({ method: 'GET', path: '/api/session', answer: Session })

afterEach(() => vi.unstubAllGlobals())

describe('a call to the API', () => {
  it('gives the answer that its schema describes, and no other', async () => {
    const session = { operator: { id: '1', name: 'Ines', userName: 'i' }, permissions: [] }
    answering(() => Response.json({ ...session, more: true }))
    expect(await ask()).toEqual(session)
    answering(() => Response.json({ operator: null }))
    expect(await failureOf(ask())).toMatchObject({ name: 'ApiFailure', code: undefined })
  })

  it('fails with the code, the facts and the number of a problem document', async () => {
    const document = { type: '/problems/receipt-mismatch', title: 'x', status: 422, instance: 'r-1', entriesLeft: 2 }
    answering(() => Response.json(document, { status: 422 }))
    expect(await failureOf(ask())).toMatchObject({
      code: 'receipt-mismatch',
      requestId: 'r-1',
      facts: { entriesLeft: 2 },
    })
  })

  it('keeps what a third party said beside the facts', async () => {
    const document = {
      type: '/problems/delivery-refused',
      title: 'x',
      status: 502,
      detail: '550 user unknown',
      port: 465,
    }
    answering(() => Response.json(document, { status: 502 }))
    expect(await failureOf(ask())).toMatchObject({
      code: 'delivery-refused',
      detail: '550 user unknown',
      facts: { port: 465 },
    })
  })

  it('keeps the title of a problem that it does not know', async () => {
    answering(() => Response.json({ type: 'about:blank', title: 'Internal error', instance: 'r-2' }, { status: 500 }))
    expect(await failureOf(ask())).toMatchObject({ code: undefined, title: 'Internal error', requestId: 'r-2' })
  })

  it('says that the server cannot be reached when nobody or only a gateway answers', async () => {
    answering(() => Promise.reject(new TypeError('network')))
    expect(await failureOf(ask())).toMatchObject({ code: 'server-unreachable' })
    answering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    expect(await failureOf(ask())).toMatchObject({ code: 'server-unreachable' })
  })
})
