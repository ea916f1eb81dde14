import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'

/** Takes out what is on record of an unblock, as a file to keep. */
export function EvidenceLink({ unblockId }: { unblockId: string }) {
  const { t } = useTranslation()
  if (!useMay()('evidence:read')) return null
  return (
    <Button
      component="a"
      variant="default"
      href={`/api/unblocks/${encodeURIComponent(unblockId)}/evidence`}
      download={`unblock-${unblockId}.json`}
    >
      {t('console.unblock.result.evidence')}
    </Button>
  )
}
