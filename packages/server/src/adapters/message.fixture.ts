import type { Message } from '../ports/delivery.ts'

/** A message as the job hands it to a carrier. */
export const messageOf = (changes: Partial<Message> = {}): Message => ({
  id: '6f1f7a3e-0000-4000-8000-000000000001',
  isTest: false,
  language: 'en',
  to: { name: 'Åsa Öberg', email: 'asa@example.org', phone: '+46 8 1', department: 'Staff' },
  card: { label: 'Staff card', printedSerial: 'S-42' },
  puc: '47110815',
  windowsForm: null,
  organisation: 'Example',
  helpDeskPhone: '+46 8 555',
  subject: 'The PUC of your smart card',
  text: '4711 0815',
  ...changes,
})
