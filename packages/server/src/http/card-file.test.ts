import type { CardRow } from '@unlatch/contract'
import { expect, it } from 'vitest'
import { writeCardFile } from './card-file.ts'

const CARD: CardRow = {
  id: 'card-1',
  label: 'Staff card',
  printedSerial: 'UN-1',
  family: 'piv',
  state: 'stock',
  personId: null,
  personName: null,
  templateName: 'Staff, "night"',
  templateVersion: 2,
  isOlderVersion: true,
  createdAt: '2026-11-23T09:00:00.000Z',
  findings: [],
}

async function write(...pages: CardRow[][]): Promise<string> {
  let text = ''
  for await (const piece of writeCardFile(
    (async function* () {
      yield* pages
    })(),
  ))
    text += piece
  return text
}

it('has a heading, then a line a card over all pages; what nobody holds has no holder', async () => {
  const held = { ...CARD, id: 'card-2', personName: 'Núñez', findings: ['puc-exposed', 'puc-only'] } as const
  const lines = (await write([CARD], [], [{ ...held, findings: [...held.findings] }])).split('\r\n')
  expect(lines).toEqual([
    '\ufeffPrinted serial,Card,State,Kind,Holder,Card template,Version,Registered (UTC),What is the matter,Id',
    'UN-1,Staff card,In stock,PIV card,,"Staff, ""night""",2,2026-11-23T09:00:00.000Z,,card-1',
    'UN-1,Staff card,In stock,PIV card,Núñez,"Staff, ""night""",2,2026-11-23T09:00:00.000Z,PUC exposed; PUC only,card-2',
    '',
  ])
})

it.each(['=1+1', '+1', '-1', '@A1', '\tx', '\rx', '＝1'])('%j is no formula in it', async (label) => {
  expect(await write([{ ...CARD, label }])).toMatch(/,"?'/)
})
