import { AgentCode, AgentView } from '@unlatch/contract'
import type { RunningServer } from '@unlatch/server'

/** An administrator at the console's API: adds agents, looks at them, changes and revokes them. */

const ADMINISTRATOR = { name: 'Ada Admin', userName: 'ada', password: 'open-sesame-test', roles: ['administrator'] }

export interface Administrator {
  addAgent(name: string, isStation: boolean): Promise<AgentCode>
  agent(agentId: string): Promise<AgentView>
  revoke(agentId: string): Promise<void>
}

/** Adds the administrator to a demo server, and signs him in. */
export async function addAdministrator(server: RunningServer): Promise<Administrator> {
  await server.addOperator(ADMINISTRATOR)
  const { userName, password } = ADMINISTRATOR
  const signedIn = await send('POST', '/api/session', { userName, password })
  const cookie = String(signedIn.headers.getSetCookie()[0]).split(';')[0] ?? ''

  async function send(method: 'GET' | 'POST', path: string, body?: object, cookie = ''): Promise<Response> {
    const headers = { cookie, ...(body && { 'content-type': 'application/json' }) }
    const answer = await fetch(new URL(path, server.url), {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return answer
  }
  return {
    addAgent: async (name, isStation) =>
      AgentCode.parse(await (await send('POST', '/api/agents', { name, isStation }, cookie)).json()),
    agent: async (agentId) =>
      AgentView.parse(await (await send('GET', `/api/agents/${agentId}`, undefined, cookie)).json()),
    async revoke(agentId) {
      await send('POST', `/api/agents/${agentId}/revocation`, {}, cookie)
    },
  }
}
