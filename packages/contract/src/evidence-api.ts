import * as z from 'zod/mini'
import { STANDARD_CONDITIONS, STANDARDS } from './standards.ts'

/** What crosses the wire about the evidence of one unblock: to be kept, and shown to an auditor. */
const text = () => z.string()

export const UnblockEvidence = z.object({
  unblockId: text(),
  writtenAt: text(),
  openedAt: text(),
  closedAt: z.nullable(text()),
  operatorName: text(),
  personName: text(),
  cardLabel: text(),
  printedSerial: text(),
  releases: z.array(
    z.object({
      at: text(),
      form: text(),
      verifiedBy: z.array(text()),
      outcome: text(),
      /** `receipt`, `told`, `report`; null while nothing is known. */
      outcomeBy: z.nullable(text()),
    }),
  ),
  ways: z.array(
    z.object({
      way: text(),
      root: text(),
      state: text(),
      metAt: z.nullable(text()),
      sentTo: z.nullable(text()),
      evidence: z.record(z.string(), z.string()),
    }),
  ),
  approvals: z.array(
    z.object({
      state: text(),
      by: z.nullable(text()),
      at: z.nullable(text()),
      isBreakGlass: z.boolean(),
      note: text(),
    }),
  ),
  standard: z.enum(STANDARDS),
  conditions: z.array(z.object({ condition: z.enum(STANDARD_CONDITIONS), isMet: z.boolean() })),
  /** What operators signed: the number of the record that holds it, and the SHA-256 of its canonical JSON, hexadecimal. */
  statements: z.array(z.object({ record: z.number(), operation: text(), by: text(), sha256: text() })),
  /** The records of the log: their place in it, and each as it is kept, canonical JSON. */
  records: z.array(z.object({ number: z.number(), record: text() })),
})
export type UnblockEvidence = z.infer<typeof UnblockEvidence>
