/** Headers by which an enrolled agent signs a request to the server. */
export const AGENT_HEADERS = {
  agent: 'unlatch-agent',
  time: 'unlatch-time',
  nonce: 'unlatch-nonce',
  signature: 'unlatch-signature',
} as const

/** Seconds by which the two clocks may differ. */
export const AGENT_CLOCK_SKEW_SECONDS = 300

/** What an agent signs (Ed25519): one line each for purpose, method, path, time, nonce and the body's SHA-256 in hexadecimal. */
export function agentSignatureText(request: {
  method: string
  path: string
  time: string
  nonce: string
  bodySha256Hex: string
}): string {
  const { method, path, time, nonce, bodySha256Hex } = request
  return ['unlatch/agent-request/v1', method.toUpperCase(), path, time, nonce, bodySha256Hex].join('\n')
}
