import { expect, it } from 'vitest'
import { findPasswordFaults } from './password-policy.ts'

const OPERATOR = { name: 'Olivia Ödegård', userName: 'o.oedegard' }

it.each([
  ['four quiet lorries', []],
  ['Kx7-mmPq4_zzLw', []],
  ['too short 1', ['length']],
  ['a'.repeat(201), ['length', 'obvious']],
  ['my name is olivia', ['name']],
  ['ODEGARD on a ladder', ['name']],
  ['Password1234!', ['obvious']],
  ['P a s s w o r d - 1 2', ['obvious']],
  ['qwertz123456789', ['obvious']],
  ['abababababababab', ['obvious']],
  ['olivia', ['length', 'name']],
  ['a password and forty lorries', []],
  ['🙂🙃🙂🙃🙂🙃', ['length', 'obvious']],
])('%s breaks %j', (password, broken) => {
  expect(findPasswordFaults(password, OPERATOR)).toEqual(broken)
})

it('a short name is in too many words to be looked for', () => {
  expect(findPasswordFaults('four quiet lorries', { name: 'Ed Li', userName: 'li' })).toEqual([])
})
