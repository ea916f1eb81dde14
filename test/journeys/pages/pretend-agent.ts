import { createECDH } from 'node:crypto'
import { FIPS_201_3, type ScreenState } from '@unlatch/contract'
import type { Reply, Respond } from './page-host.ts'

/** What the pretended agent shows, and what was asked of it. */
export interface AgentScene {
  state: ScreenState
  /** False: the token is not valid. */
  pairs: boolean
  at: Record<string, Reply>
  readonly asked: string[]
}

const agentKey = createECDH('prime256v1')
agentKey.generateKeys()

/** Nothing in the reader, nothing wrong. */
export function calmScreen(change: Partial<ScreenState> = {}): AgentScene {
  return {
    pairs: true,
    at: {},
    asked: [],
    state: {
      version: 1,
      phase: 'no-card',
      attemptId: null,
      sealKey: agentKey.getPublicKey('base64', 'uncompressed'),
      card: null,
      isWithPuc: false,
      puc: null,
      challenge: null,
      cryptogram: null,
      changeId: null,
      holder: null,
      pinTriesLeft: null,
      needsConsent: false,
      receipt: null,
      asked: null,
      sign: null,
      isSignCancelled: false,
      isAttended: false,
      isSelfService: false,
      selfService: { obstacle: 'self-service-not-allowed' },
      authentication: null,
      problem: null,
      policy: { ...FIPS_201_3, blockList: [...FIPS_201_3.blockList] },
      isConfigured: true,
      helpDeskPhone: '+49 30 5550 100',
      organisation: 'Clinic at the Park',
      virtualReader: null,
      ...change,
    },
  }
}

/** A running attempt of a masked PUK. */
export const ATTEMPT = {
  phase: 'challenge',
  attemptId: 'attempt-1',
  card: { reader: 'Virtual reader', family: 'piv', telephoneWay: 'masked-puk', hasPuc: true },
  challenge: { code: '04106105VS', form: 'masked' },
} as const satisfies Partial<ScreenState>

/** A running attempt with the PUC. */
export const PUC_ATTEMPT = {
  phase: 'puc',
  attemptId: 'attempt-1',
  card: { reader: 'Virtual reader', family: 'piv', telephoneWay: 'masked-puk', hasPuc: true },
  isWithPuc: true,
  puc: { triesLeft: 3 },
} as const satisfies Partial<ScreenState>

/** A running attempt of a native admin key. */
export const NATIVE_ATTEMPT = {
  ...ATTEMPT,
  challenge: { code: 'N29DENG1C5Y5TTC', form: 'native' },
} as const satisfies Partial<ScreenState>

/** Changes what the agent shows; the page learns it by its open question. */
export function show(scene: AgentScene, change: Partial<ScreenState>): void {
  scene.state = { ...scene.state, ...change, version: scene.state.version + 1 }
}

/** Answers the unblock screen as the agent would in this scene. */
export function respondAsAgent(scene: AgentScene): Respond {
  return async ({ method, path, query }) => {
    scene.asked.push(`${method} ${path}`)
    const override = scene.at[`${method} ${path}`]
    if (override !== undefined) return override
    if (path === '/pair') return scene.pairs ? { json: { bearer: 'bearer-1' } } : { problem: 'session-ended' }
    if (path === '/state') {
      const after = query.get('after')
      for (let i = 0; i < 100 && after !== null && Number(after) >= scene.state.version; i++) {
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      return { json: scene.state }
    }
    return 'nothing'
  }
}
