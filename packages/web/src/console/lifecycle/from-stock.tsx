import { Button, Text } from '@mantine/core'
import { IconIdBadge2 } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { reissueCard } from '../card-api.ts'
import { useCardChange } from '../cards/use-card-change.ts'
import classes from './lifecycle.module.css'

/** A card out of stock is registered for the person that was chosen: it keeps what is printed on it, and its template. */
export function FromStock(props: {
  managed: { id: string; printedSerial: string }
  personId: string
  replaces: string | undefined
}) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { personId, replaces } = props
  const { id, printedSerial: serial } = props.managed
  const register = useCardChange(
    id,
    () => reissueCard(id, { personId, ...(replaces !== undefined && { replacesCardId: replaces }) }),
    () => navigate({ to: '/lifecycle/issue', search: { card: id } }),
  )
  return (
    <div className={classes.template}>
      <Text role="status">{t('cards.reissue.inReader', { serial })}</Text>
      {register.isError && <ProblemNotice problem={toFailure(register.error)} />}
      <div>
        <Button
          leftSection={<IconIdBadge2 aria-hidden size={18} />}
          loading={register.isPending}
          onClick={() => register.mutate(undefined)}
        >
          {t('cards.reissue.submit')}
        </Button>
      </div>
    </div>
  )
}
