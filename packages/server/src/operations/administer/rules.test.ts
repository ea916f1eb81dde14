import type { Permission } from '@unlatch/contract'
import { describe, expect, it } from 'vitest'
import { judgeRole, judgeRoleChange, judgeSetUpCode } from './rules.ts'

const set = (...names: Permission[]) => new Set<Permission>(names)
const ada = { id: 'ada', permissions: set('operator:write', 'person:read') }

describe('roles of an operator', () => {
  it.each([
    ['what he has himself', 'ben', set(), set('person:read'), undefined],
    ['what he lacks', 'ben', set(), set('unblock:release'), 'permission-lacking'],
    ['what the other has already', 'ben', set('unblock:release'), set('unblock:release', 'person:read'), undefined],
    ['fewer than before', 'ben', set('unblock:release'), set(), undefined],
    ['his own', 'ada', set(), set(), 'own-account'],
  ] as const)('%s', (_, operatorId, before, after, problem) => {
    expect(judgeRoleChange(ada, operatorId, before, after)).toBe(problem)
  })
})

describe('a set-up code', () => {
  it.each([
    ['for somebody who may no more than he', 'ben', set('person:read'), undefined],
    ['for somebody who may more', 'ben', set('unblock:release'), 'permission-lacking'],
    ['for himself', 'ada', set(), 'own-account'],
    ['for somebody new', undefined, set('operator:write'), undefined],
  ] as const)('%s', (_, operatorId, permissions, problem) => {
    expect(judgeSetUpCode(ada, operatorId, permissions)).toBe(problem)
  })
})

describe('what a role permits', () => {
  it.each([
    ['more, of what he has', false, set(), set('person:read'), undefined],
    ['more than he has', false, set(), set('unblock:release'), 'permission-lacking'],
    ['less', false, set('unblock:release'), set(), undefined],
    ['of a role that he has', true, set(), set(), 'own-account'],
  ] as const)('%s', (_, hasIt, before, after, problem) => {
    expect(judgeRole(ada, hasIt, before, after)).toBe(problem)
  })
})
