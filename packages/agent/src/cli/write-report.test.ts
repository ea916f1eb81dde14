import { describe, expect, test } from 'vitest'
import { type ComputerFacts, examine, lookAtReaders, type ServerFact, worstOf } from '../tasks/examine.ts'
import { type CardReaders, ReaderError, type ReaderErrorCode } from '../tasks/ports.ts'
import { writeReport, writeReportJson } from './write-report.ts'

const url = 'https://unlatch.example.org'
const reached: ServerFact = { kind: 'reached', url, secondsAhead: 2, hello: { name: 'Desk 1', isStation: true } }
const good: ComputerFacts = {
  readers: [
    { name: 'Omnikey 00', card: 'free' },
    { name: 'Alcor 01', card: 'none' },
  ],
  server: reached,
  apduLogs: [],
  coreDumps: { limit: '0', pattern: 'core' },
  allowsUnblockScreen: null,
}
const of = (change: Partial<ComputerFacts>) => examine({ ...good, ...change })

test('a computer that is all right: one line each', () => {
  expect(writeReport(of({}))).toBe(`ok      PC/SC service  it answers
ok      Readers        Omnikey 00, Alcor 01
ok      Cards          a card in Omnikey 00, and it can be reached
ok      Server         https://unlatch.example.org answers, with a certificate that is trusted
ok      Enrolment      station Desk 1
ok      Clock          it differs from the server’s by 2 seconds
ok      APDU log       nothing was found that records what cards are sent
ok      Core dumps     a crash writes nothing of the memory`)
  expect(worstOf(of({}))).toBe('ok')
})

test('one that is not: what is the matter, and what to do', () => {
  const findings = of({
    readers: [{ name: 'Omnikey 00', card: 'in-use' }],
    server: { kind: 'untrusted', url, why: 'SELF_SIGNED_CERT' },
    apduLogs: ['pcscd --apdu'],
    coreDumps: { limit: 'unlimited', pattern: '/var/core' },
    allowsUnblockScreen: false,
  })
  const lines = writeReport(findings).split('\n')
  expect(lines.filter((line) => !line.startsWith(' '))).toEqual([
    'ok      PC/SC service              it answers',
    'ok      Readers                    Omnikey 00',
    'warning Cards                      another program has the card in Omnikey 00 open',
    `failed  Server                     the certificate of ${url} is not trusted (SELF_SIGNED_CERT)`,
    'failed  APDU log                   what cards are sent is recorded, PINs among it: pcscd --apdu',
    'warning Core dumps                 a crash writes the memory to a disk, PINs among it (limit unlimited, /var/core)',
    'warning Unblock screen of Windows  the policy does not allow it',
  ])
  expect(lines.filter((line) => /^ {35}do: \S/.test(line))).toHaveLength(5)
  expect(JSON.parse(writeReportJson(findings))).toMatchObject({
    worst: 'failed',
    findings: expect.arrayContaining([
      expect.objectContaining({
        check: 'cards',
        level: 'warning',
        finding: 'card-in-use',
        facts: { reader: 'Omnikey 00' },
      }),
      expect.objectContaining({ check: 'pcsc', level: 'ok', remedy: null }),
    ]),
  })
})

describe('what is found', () => {
  const codes = (change: Partial<ComputerFacts>) =>
    of(change)
      .filter(({ level }) => level !== 'ok')
      .map(({ level, finding }) => `${level} ${finding}`)

  test.each<[string, Partial<ComputerFacts>, string[]]>([
    ['no PC/SC', { readers: 'no-service' }, ['failed pcsc-absent']],
    ['no reader', { readers: [] }, ['failed readers-none']],
    ['no card', { readers: [{ name: 'r', card: 'none' }] }, ['warning card-none']],
    ['a card that says nothing', { readers: [{ name: 'r', card: 'silent' }] }, ['warning card-silent']],
    ['no server said', { server: { kind: 'unsaid' } }, ['failed server-unsaid']],
    ['no server', { server: { kind: 'unreachable', url, why: 'ECONNREFUSED' } }, ['failed server-unreachable']],
    ['not enrolled', { server: { ...reached, hello: 'agent-unknown' } }, ['failed enrolled-not']],
    ['too old', { server: { ...reached, hello: 'agent-too-old' } }, ['failed agent-old']],
    ['too new', { server: { ...reached, hello: 'server-too-old' } }, ['failed server-old']],
    ['something else', { server: { ...reached, hello: 'database-full' } }, ['failed enrolled-unknown']],
    ['a clock that drifts', { server: { ...reached, secondsAhead: -61 } }, ['warning clock-off']],
    ['a wrong clock', { server: { ...reached, secondsAhead: 600, hello: 'agent-clock' } }, ['failed clock-wrong']],
    ['a server without a clock', { server: { ...reached, secondsAhead: null } }, []],
    [
      'a program that takes dumps',
      { coreDumps: { limit: '0', pattern: '|/usr/bin/crash %p' } },
      ['warning core-dumps-on'],
    ],
    ['systemd that takes none', { coreDumps: { limit: '0', pattern: '|/lib/systemd/systemd-coredump' } }, []],
    ['a policy that allows it', { allowsUnblockScreen: true }, []],
  ])('%s', (_, change, expected) => expect(codes(change)).toEqual(expected))
})

test('each reader is tried once, and let go', async () => {
  const released: string[] = []
  const answers: Record<string, ReaderErrorCode | undefined> = { busy: 'in-use', dead: 'no-card', good: undefined }
  const readers = {
    list: async () =>
      ['busy', 'open', 'dead', 'good', 'empty'].map((name) => {
        return { name, hasCard: name !== 'empty', isInUse: name === 'open' }
      }),
    async connect(name: string) {
      const code = answers[name]
      if (code) throw new ReaderError(code)
      return { disconnect: async () => void released.push(name) }
    },
  } as unknown as CardReaders
  expect(await lookAtReaders(readers)).toEqual([
    { name: 'busy', card: 'in-use' },
    { name: 'open', card: 'in-use' },
    { name: 'dead', card: 'silent' },
    { name: 'good', card: 'free' },
    { name: 'empty', card: 'none' },
  ])
  expect(released).toEqual(['good'])
  const absent = { list: () => Promise.reject(new ReaderError('no-service')) } as unknown as CardReaders
  expect(await lookAtReaders(absent)).toBe('no-service')
})
