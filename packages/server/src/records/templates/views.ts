import { AskPinPolicy, type PinPolicyAnswer, policyOfRules, type Templates } from '@unlatch/contract'
import * as z from 'zod/mini'
import { findCardByUuid } from '../cards/cards.ts'
import { view } from '../view.ts'
import { readPersonalNumbers } from './personal-numbers.ts'
import { findDocumentOf, findFaults, listTemplates } from './templates.ts'

/** All card templates in their newest versions, with why they cannot be used, and how many cards they have. */
export const allTemplates = view({
  name: 'templates.list',
  permission: 'template:read',
  query: z.object({}),
  async read({ db }): Promise<Templates> {
    const templates = await listTemplates(db)
    const counts = await db
      .selectFrom('cards')
      .select(['template_id', 'template_version'])
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('template_id', 'in', [...templates.map(({ id }) => id), ''])
      .groupBy(['template_id', 'template_version'])
      .execute()
    return {
      templates: await Promise.all(
        templates.map(async (template) => {
          const own = counts.filter(({ template_id }) => template_id === template.id)
          const older = own.filter(({ template_version }) => template_version !== template.version)
          const sum = (rows: typeof own) => rows.reduce((all, { count }) => all + Number(count), 0)
          const faults = await findFaults(db, template.document)
          return { ...template, faults, cards: sum(own), olderCards: sum(older) }
        }),
      ),
    }
  },
})

/** By which rules a card's PIN is chosen, for the agent that has it in its reader. */
export const cardPinPolicy = view({
  name: 'templates.pin-policy',
  permission: 'agent:report',
  query: AskPinPolicy,
  async read({ db }, { cardUuid }): Promise<PinPolicyAnswer> {
    const card = await findCardByUuid(db, cardUuid)
    const document = card && (await findDocumentOf(db, card))
    if (!document) return { policy: null }
    const { personal: _, blockList, ...rules } = policyOfRules(document.pin)
    const personal = document.pin.refusesPersonal && (await readPersonalNumbers(db, card, rules.minLength))
    return { policy: { ...rules, blockList: [...blockList], ...(personal && { personal }) } }
  },
})
