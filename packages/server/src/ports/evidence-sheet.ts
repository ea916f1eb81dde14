import type { UnblockEvidence } from '@unlatch/contract'

/** Sets the evidence of one unblock as a PDF file, to be printed and kept in a folder. */
export type WriteEvidenceSheet = (evidence: UnblockEvidence, organisation: string) => Promise<Buffer>
