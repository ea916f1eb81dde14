import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'

/** Where what is on record of an unblock is taken out: on paper, or with the records themselves. */
export const evidencePathOf = (unblockId: string, form: 'pdf' | 'json'): string =>
  `/api/unblocks/${encodeURIComponent(unblockId)}/${form === 'pdf' ? 'evidence-sheet' : 'evidence'}`

/** Takes out what is on record of an unblock, as files to keep. */
export function EvidenceLinks({ unblockId }: { unblockId: string }) {
  const { t } = useTranslation()
  if (!useMay()('evidence:read')) return null
  return (['pdf', 'json'] as const).map((form) => (
    <Button
      key={form}
      component="a"
      variant="default"
      href={evidencePathOf(unblockId, form)}
      download={`unblock-${unblockId}.${form}`}
    >
      {t(form === 'pdf' ? 'console.unblock.result.evidence' : 'console.unblock.result.evidenceJson')}
    </Button>
  ))
}
