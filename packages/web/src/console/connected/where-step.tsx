import { Group, Paper, Radio, Text, Title } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import steps from '../steps/steps.module.css'
import classes from '../unblock/unblock-page.module.css'
import { useReaders } from './use-readers.ts'

/** Where the card is: what is safest stands first. */
const PLACES = ['here', 'online', 'telephone'] as const
export type Place = (typeof PLACES)[number]

/** The first question of an unblock; what the readers show now stands beside it. */
export function WhereStep(props: { place: Place; onPlace: (place: Place) => void }) {
  const { t } = useTranslation()
  const id = useId()
  const { blocked } = useReaders()
  const seen = (place: Place) =>
    place === 'telephone' ? undefined : blocked?.filter(({ isStation }) => isStation === (place === 'here')).length
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb="sm">
        {t('connected.where.title')}
      </Title>
      <Radio.Group aria-labelledby={id} value={props.place} onChange={(next) => props.onPlace(next as Place)}>
        <div className={classes.ways}>
          {PLACES.map((place) => (
            <Radio.Card key={place} value={place} className={steps.choice as string}>
              <Group gap="sm" wrap="nowrap" align="start">
                <Radio.Indicator mt={3} />
                <div>
                  <Text fw={600}>{t(`connected.where.${place}`)}</Text>
                  <Text size="sm" c="dimmed">
                    {t(`connected.where.${place}Hint`)}
                  </Text>
                  {seen(place) !== undefined && (
                    <Text size="sm" fw={seen(place) === 0 ? 400 : 600}>
                      {t('connected.where.seen', { count: seen(place) ?? 0 })}
                    </Text>
                  )}
                </div>
              </Group>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
    </Paper>
  )
}
