import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** Sign and name of the product. */
export function ProductMark() {
  const { t } = useTranslation()
  return (
    <Group gap="xs" wrap="nowrap">
      <img src="/unlatch.svg" alt="" width={28} height={28} />
      <Text fw={700} size="lg">
        {t('shared.productName')}
      </Text>
    </Group>
  )
}
