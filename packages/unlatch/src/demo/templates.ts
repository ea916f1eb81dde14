import { DEFAULT_DEMAND, DEFAULT_SELF_SERVICE, type SelfServiceDemand, type TemplateDocument } from '@unlatch/contract'

/** Card templates of the demo. */

/** A PIV template whose PUC goes by a mail connection, and whose card is handed over. */
export const mailedBy = (connectionId: string): TemplateDocument => ({
  family: 'piv',
  kinds: [],
  pin: {
    preset: 'fips-201-3',
    minLength: 6,
    maxLength: 8,
    longestRepeat: 2,
    longestSequence: 3,
    blockList: [],
    refusesPersonal: false,
  },
  puc: 'delivered',
  connectionId,
  tellsWindowsForm: false,
  allows: { operator: true, telephone: true, selfService: false },
  cardRoute: 'handed-over',
  verification: DEFAULT_DEMAND,
  selfService: DEFAULT_SELF_SERVICE,
  fourEyes: false,
  standard: 'none',
})

/** A template whose holders unblock a card themselves, by these ways; nothing is sent. */
export const aloneBy = (
  demand: Partial<SelfServiceDemand>,
  family: TemplateDocument['family'] = 'piv',
): TemplateDocument => ({
  ...mailedBy(''),
  family,
  puc: 'none',
  connectionId: null,
  allows: { operator: true, telephone: true, selfService: true },
  selfService: { count: 1, ways: ['unblock-code'], identityProviderId: null, ...demand },
})
