import type { AgentMessage, ServerMessage } from '@unlatch/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Actor } from '../../records/actors.ts'
import { perform } from '../operation.ts'
import { type StagedWorld, stageWorld } from '../world.fixture.ts'
import { orderIssuance } from './order-issuance.ts'
import { registerCard } from './register-card.ts'

let stage: StagedWorld
let officer: Actor
let cardId: string
beforeEach(async () => {
  stage = await stageWorld()
  officer = await stage.operator(['card:register'])
  const wish = { personId: await stage.person(), family: 'piv', label: 'card', printedSerial: 'ORD-1' }
  cardId = (await perform(registerCard, stage.world, wish, officer)).cardId
})
afterEach(() => stage.close())

/** A connected agent; what it is told. */
function connect(id: string, isStation: boolean, hasCard = true) {
  const told: ServerMessage[] = []
  let say: (message: AgentMessage) => void = () => {}
  const socket = {
    send: (text: string) => void told.push(JSON.parse(text)),
    close() {},
    onClose() {},
    onMessage(listener: (text: string) => void) {
      say = (message) => listener(JSON.stringify(message))
    },
  }
  stage.channel.attach(socket, { id, keySha256: 'A'.repeat(64), protocol: 2, name: id, isStation, version: '0.1.0' })
  const card = hasCard
    ? ({ kind: 'piv', firmware: null, family: 'piv', cardUuid: null, hardwareNumber: null, isBlocked: null } as const)
    : null
  say({ type: 'readers', readers: [{ name: 'Reader', card }] })
  return told
}

const order = (stationId: string, reader = 'Reader', id = cardId) =>
  perform(orderIssuance, stage.world, { cardId: id, stationId, reader }, officer)

it('goes to the station that was chosen, after its record', async () => {
  const told = connect('station', true)
  const { jobId } = await order('station')
  expect(told).toEqual([{ type: 'job', jobId, job: { kind: 'issue', cardId, reader: 'Reader' } }])
  expect((await stage.audit()).at(-1)).toMatchObject({
    operation: 'card.order-issuance',
    outcome: 'done',
    event: { cardId, station: 'station', reader: 'Reader' },
  })
})

it('is refused by name: nobody there, no card in that reader, a holder’s agent, a card that is issued', async () => {
  const offline = expect.objectContaining({ code: 'agent-offline' })
  await expect(order('station')).rejects.toEqual(offline)
  connect('empty', true, false)
  await expect(order('empty')).rejects.toEqual(offline)
  const holder = connect('holder', false)
  await expect(order('holder')).rejects.toEqual(offline)
  expect(holder).toEqual([])
  connect('station', true)
  await expect(order('station', 'Another reader')).rejects.toEqual(offline)
  const issued = await stage.pivCard(await stage.person('Somebody Else'))
  await expect(order('station', 'Reader', issued.id)).rejects.toEqual(
    expect.objectContaining({ code: 'attempt-closed' }),
  )
  await expect(order('station', 'Reader', 'no-such-card')).rejects.toEqual(
    expect.objectContaining({ code: 'card-unknown' }),
  )
})
