import { createHash, verify, X509Certificate } from 'node:crypto'
import { ascii, readHex } from '@unlatch/card'
import { type OfflineStatement, type SignJob, writeSignedOctets, writeStatement } from '@unlatch/contract'
import { createVirtualCard, giveAuthenticationKey, type VirtualCardKind, VirtualReader } from '@unlatch/virtual-cards'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { type StagedAuthority, stageAuthority } from '../../../../test/peers/certificates.ts'
import { virtualReaders } from '../adapters/virtual-reader/virtual-readers.ts'
import { SignDesk } from '../loopback/sign-desk.ts'
import { readStatement, signStatement } from './sign-statement.ts'

/** The agent signs what it understood and showed, and nothing else. */

const STATEMENT: OfflineStatement = {
  operation: 'unblock-offline',
  attemptId: 'attempt',
  cardUuid: 'A'.repeat(32),
  personId: 'person',
  operatorId: 'operator',
  challenge: '04106105VS',
  verification: ['call-back'],
  nonce: 'B'.repeat(32),
  notAfter: '2026-11-23T09:02:00.000Z',
}
const JOB: SignJob = {
  kind: 'sign',
  signingId: 'signing',
  reader: 'Reader',
  operatorName: 'Olivia',
  personName: 'Pia',
  cardLabel: 'card',
  printedSerial: 'S-1',
  statement: STATEMENT,
}
const pin = (digits = '123456') => ascii(digits)
const NEWS = () => {
  const ending = new AbortController()
  return { ending, news: { signal: ending.signal, onNudge: () => () => {} } }
}

let authority: StagedAuthority
beforeAll(async () => {
  authority = await stageAuthority('Test authority', new Date())
})

async function stage(algorithm: 'p256' | 'rsa2048' = 'p256', kind: VirtualCardKind = 'yubikey') {
  const card = createVirtualCard(kind)
  await giveAuthenticationKey(card, algorithm, (publicKey) => authority.issue(publicKey))
  const reader = new VirtualReader('Reader')
  reader.insert(card)
  return { card, reader, readers: virtualReaders([reader]) }
}

/** What anybody checks: the certificate's key signed these octets. */
function isRight({ certificate, signature }: { certificate: string; signature: string }, statement = STATEMENT) {
  const inner = createHash('sha256').update(writeStatement(statement)).digest()
  const { publicKey } = new X509Certificate(readHex(certificate))
  return verify('sha256', writeSignedOctets(inner), publicKey, readHex(signature))
}

describe('a statement', () => {
  it.each([
    ['p256', 'yubikey'],
    ['rsa2048', 'yubikey'],
    ['p256', 'piv-strict'],
  ] as const)('is signed with 9A after its PIN: %s on %s', async (algorithm, kind) => {
    const { readers } = await stage(algorithm, kind)
    const typed = pin()
    const signed = await signStatement(readers, 'Reader', STATEMENT, typed, false)
    expect(isRight(signed)).toBe(true)
    expect(isRight(signed, { ...STATEMENT, challenge: '04106105VT' })).toBe(false)
    expect([...typed]).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('is one of ours: a job that asks to sign a foreign digest, octets or more than that is refused', async () => {
    const { readers } = await stage()
    const connect = vi.spyOn(readers, 'connect')
    const digest = createHash('sha256').update('a TLS handshake').digest('hex')
    const foreign = [
      undefined,
      null,
      digest,
      { digest },
      { operation: 'sign', digest },
      { ...STATEMENT, digest },
      { ...STATEMENT, operation: 'unblock-connected' },
      { ...STATEMENT, challenge: undefined },
      { ...STATEMENT, challenge: `${'A'.repeat(10)}\n` },
      [STATEMENT],
      JSON.stringify(STATEMENT),
    ]
    for (const statement of foreign) {
      const desk = new SignDesk(readers, () => {})
      const asked = desk.sign({ ...JOB, statement }, NEWS().news, async () => {})
      await expect(asked).rejects.toMatchObject({ code: 'statement-refused' })
    }
    expect(connect).not.toHaveBeenCalled()
    expect(readStatement(STATEMENT)).toEqual(STATEMENT)
  })
})

describe('the PIN', () => {
  it('wrong: the tries are told, the last one asks, and a blocked card signs nothing', async () => {
    const { readers } = await stage()
    const attempt = (digits: string, hasConsent = false) =>
      signStatement(readers, 'Reader', STATEMENT, pin(digits), hasConsent)
    await expect(attempt('12')).rejects.toMatchObject({ code: 'pin-malformed' })
    await expect(attempt('999999')).rejects.toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 2 } })
    await expect(attempt('999999')).rejects.toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 1 } })
    await expect(attempt('123456')).rejects.toMatchObject({ code: 'last-try' })
    await expect(attempt('999999', true)).rejects.toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 0 } })
    await expect(attempt('123456', true)).rejects.toMatchObject({ code: 'pin-wrong', facts: { triesLeft: 0 } })
  })

  it('is verified for one signature: the card is left reset', async () => {
    const { card, readers } = await stage()
    await signStatement(readers, 'Reader', STATEMENT, pin(), false)
    card.transmit(readHex('00A4040009A0000003080000100000'))
    expect(Buffer.from(card.transmit(readHex('00200080'))).toString('hex')).toBe('63c3')
  })
})

describe('no card to sign with', () => {
  it('an empty reader, a card without a certificate, one that is no PIV card', async () => {
    const { reader, readers } = await stage()
    reader.remove()
    await expect(signStatement(readers, 'Reader', STATEMENT, pin(), false)).rejects.toMatchObject({ code: 'no-card' })
    reader.insert(createVirtualCard('yubikey'))
    await expect(signStatement(readers, 'Reader', STATEMENT, pin(), false)).rejects.toMatchObject({
      code: 'card-not-supported',
    })
    reader.remove()
    reader.insert(createVirtualCard('gids'))
    await expect(signStatement(readers, 'Reader', STATEMENT, pin(), false)).rejects.toMatchObject({
      code: 'card-not-supported',
    })
  })

  it.each(['before', 'after'] as const)(
    'pulled %s any command: nothing is signed, and no try is lost',
    async (moment) => {
      for (let afterCommands = 0; ; afterCommands++) {
        const { card, reader, readers } = await stage()
        reader.cutPower({ afterCommands, moment })
        const result = await signStatement(readers, 'Reader', STATEMENT, pin(), false).catch(({ code }) => code)
        expect((card.save() as { pin: { left: number } }).pin.left).toBe(3)
        if (typeof result !== 'string') return expect(afterCommands).toBeGreaterThan(4)
        expect(result).toBe('card-removed')
      }
    },
  )
})

describe('the desk', () => {
  it('shows the statement, takes the PIN again after a wrong one, and gives the signature', async () => {
    const { readers } = await stage()
    const desk = new SignDesk(readers, () => {})
    const { news } = NEWS()
    const asked = desk.sign(JOB, news, async () => {})
    await vi.waitFor(() => expect(desk.write()).not.toBeNull())
    const { signId = '' } = desk.write() ?? {}
    expect(desk.write()).toMatchObject({ statement: STATEMENT, operatorName: 'Olivia', triesLeft: 3, problem: null })
    await expect(desk.sign(JOB, news, async () => {})).rejects.toMatchObject({ code: 'reader-in-use' })
    await expect(desk.enterPin('another', pin(), false)).rejects.toMatchObject({ code: 'attempt-ended' })
    await expect(desk.enterPin(signId, pin('999999'), false)).rejects.toMatchObject({ code: 'pin-wrong' })
    expect(desk.write()).toMatchObject({ triesLeft: 2, problem: 'pin-wrong' })
    await desk.enterPin(signId, pin(), false)
    expect(isRight(await asked)).toBe(true)
    expect(desk.write()).toBeNull()
  })

  it('ends when it is declined, cancelled, or nobody has the page open', async () => {
    const { readers } = await stage()
    const desk = new SignDesk(readers, () => {})
    const first = desk.sign(JOB, NEWS().news, async () => {})
    const caught = expect(first).rejects.toMatchObject({ code: 'signing-declined' })
    await vi.waitFor(() => expect(desk.write()).not.toBeNull())
    desk.decline(desk.write()?.signId ?? '')
    await caught
    const { ending, news } = NEWS()
    const second = expect(desk.sign(JOB, news, async () => {})).rejects.toMatchObject({ code: 'attempt-cancelled' })
    await vi.waitFor(() => expect(desk.write()).not.toBeNull())
    ending.abort()
    await second
    // The page says so, until it was read or another signature is asked for.
    expect(desk.isCancelled).toBe(true)
    desk.dismiss()
    expect(desk.isCancelled).toBe(false)
    const gone = NEWS()
    gone.ending.abort()
    await expect(desk.sign(JOB, gone.news, async () => {})).rejects.toMatchObject({ code: 'attempt-cancelled' })
    const closed = desk.sign(JOB, NEWS().news, async () => {
      throw new Error('no page')
    })
    await expect(closed).rejects.toThrow('no page')
    expect(desk.write()).toBeNull()
  })
})
