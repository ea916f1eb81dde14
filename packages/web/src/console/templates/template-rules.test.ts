import {
  type ConnectionView,
  findBrokenRules,
  policyOfRules,
  type TemplateDocument,
  type TemplateFault,
} from '@unlatch/contract'
import { describe, expect, it } from 'vitest'
import {
  findCardObstacle,
  findFaults,
  findWrongLine,
  isRefused,
  NEW_DOCUMENT,
  rulesOfPreset,
} from './template-rules.ts'

const CONNECTION: ConnectionView = {
  id: 'c-1',
  kind: 'smtp',
  name: 'Mail',
  smtp: { host: 'mail.example', port: 465, security: 'implicit', authority: '', userName: '', from: 'a@mail.example' },
  hasSecret: false,
  testedAt: '2026-11-12T08:30:00Z',
  usedBy: [],
  waiting: 0,
  failed: 0,
}
const UNTESTED = { ...CONNECTION, id: 'c-2', testedAt: null }
const SENT = { puc: 'delivered', connectionId: 'c-1' } as const
const OWN = { ...NEW_DOCUMENT.pin, preset: 'own' } as const
const NO_WAY = { operator: false, telephone: false, selfService: false }

describe('why no card could be issued by a template', () => {
  it.each<[string, Partial<TemplateDocument>, TemplateFault[]]>([
    ['a new one', {}, []],
    ['a PUC by a tested connection', SENT, []],
    ['a PUC on a GIDS card', { family: 'gids', puc: 'help-desk' }, ['puc-on-gids']],
    ['no connection', { ...SENT, connectionId: null }, ['connection-missing']],
    ['a connection that is gone', { ...SENT, connectionId: 'c-0' }, ['connection-removed']],
    ['a connection that was not tested', { ...SENT, connectionId: 'c-2' }, ['connection-untested']],
    ['a connection that delivers nothing', { puc: 'none', connectionId: 'c-0' }, []],
    ['fewest above most', { pin: { ...OWN, minLength: 8, maxLength: 7 } }, ['pin-lengths']],
    ['five digits for PIV', { pin: { ...OWN, minLength: 5 } }, ['pin-lengths']],
    ['five digits for GIDS', { family: 'gids', pin: { ...OWN, minLength: 5 } }, []],
    ['a kind of the other family', { kinds: ['gids'] }, ['kind-of-other-family']],
    ['no PUC and no procedure', { allows: NO_WAY }, ['no-way-to-unblock']],
    ['a PUC and no procedure', { puc: 'help-desk', allows: NO_WAY }, []],
  ])('%s', (_, change, faults) => {
    expect(findFaults({ ...NEW_DOCUMENT, ...change }, [CONNECTION, UNTESTED])).toEqual(faults)
  })

  it('says nothing about connections that the operator may not see', () => {
    expect(findFaults({ ...NEW_DOCUMENT, ...SENT }, undefined)).toEqual([])
  })

  it('lets be saved what can be mended elsewhere or later', () => {
    const faults: TemplateFault[] = [
      'connection-missing',
      'connection-removed',
      'connection-untested',
      'no-way-to-unblock',
    ]
    expect(faults.filter(isRefused)).toEqual([])
    expect(isRefused('puc-on-gids')).toBe(true)
  })
})

describe('the rules of a PIN', () => {
  it('never fall below six digits on a PIV card', () => {
    expect(rulesOfPreset('sp-800-63b-4', 'piv', OWN)).toMatchObject({ minLength: 6, longestRepeat: 3 })
    expect(rulesOfPreset('sp-800-63b-4', 'gids', OWN)).toMatchObject({ minLength: 4 })
  })

  it('refuse the PINs of the preset and those beside it', () => {
    const policy = policyOfRules({ ...NEW_DOCUMENT.pin, blockList: ['19450508'] })
    const broken = (pin: string) => findBrokenRules(policy, new TextEncoder().encode(pin))
    expect(broken('19450508')).toEqual(['block-list'])
    expect(broken('112233')).toEqual(['block-list'])
    expect(broken('730194')).toEqual([])
  })

  it('find the first line that is no PIN', () => {
    expect(findWrongLine(['19450508', '', ' 2001 '])).toBeUndefined()
    expect(findWrongLine(['19450508', '12a4', '1'])).toBe('12a4')
  })
})

describe('a card in a reader', () => {
  const card = { kind: 'yubikey', family: 'piv', managed: null } as const
  it.each([
    ['fits', card, undefined],
    ['that nobody knows', { ...card, kind: null }, 'unknown-card'],
    ['without an application of ours', { ...card, kind: 'cac', family: 'unknown' }, 'no-application'],
    ['of the other family', { ...card, kind: 'gids', family: 'gids' }, 'other-family'],
    ['of another kind', { ...card, kind: 'piv' }, 'other-kind'],
    ['on record already', { ...card, managed: {} }, 'taken'],
  ] as const)('%s', (_, seen, obstacle) => {
    expect(findCardObstacle({ ...NEW_DOCUMENT, kinds: ['yubikey'] }, seen)).toBe(obstacle)
  })
})
