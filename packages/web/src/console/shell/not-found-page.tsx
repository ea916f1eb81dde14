import { Anchor, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

/** Stands at an address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Stack>
      <Title order={1} size="h2">
        {t('console.notFound.title')}
      </Title>
      <Text>{t('console.notFound.lead')}</Text>
      <Anchor component={Link} to="/actions/smart-card-unblock" underline="always">
        {t('console.notFound.back')}
      </Anchor>
    </Stack>
  )
}
