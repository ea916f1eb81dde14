import { Checkbox, Radio, Select, Stack, Text } from '@mantine/core'
import { SELF_SERVICE_WAYS } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import styles from './templates.module.css'
import { useConnections } from './use-connections.ts'

/** How a holder who unblocks a card of this template himself shows that it is he. */
export function SelfServiceSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { selfService, allows } = props.wish.document
  const { providers } = useConnections()
  const change = (some: Partial<typeof selfService>) => props.onChange({ selfService: { ...selfService, ...some } })
  return (
    <Section name="self-service" title={t('templates.selfService.title')} lead={t('templates.selfService.lead')}>
      {!allows.selfService && <Text c="dimmed">{t('templates.selfService.closed')}</Text>}
      {allows.selfService && (
        <Fields isReadOnly={props.isReadOnly}>
          <Stack gap="lg">
            <Radio.Group
              label={t('templates.verification.count')}
              value={String(selfService.count)}
              onChange={(count) => change({ count: count === '2' ? 2 : 1 })}
            >
              <Stack gap="sm" mt="xs">
                <Radio value="1" label={t('templates.verification.one')} />
                <Radio value="2" label={t('templates.verification.two')} />
              </Stack>
            </Radio.Group>
            <Checkbox.Group
              label={t('templates.selfService.ways')}
              value={selfService.ways}
              onChange={(ways) => change({ ways: SELF_SERVICE_WAYS.filter((way) => ways.includes(way)) })}
            >
              <div className={styles.choices}>
                {SELF_SERVICE_WAYS.map((way) => (
                  <Checkbox key={way} value={way} label={t(`templates.selfService.names.${way}`)} />
                ))}
              </div>
            </Checkbox.Group>
            {selfService.ways.includes('identity-provider') && (
              <Select
                label={t('templates.selfService.provider')}
                placeholder={t('templates.selfService.noProvider')}
                data={(providers ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                value={selfService.identityProviderId}
                onChange={(identityProviderId) => change({ identityProviderId })}
              />
            )}
          </Stack>
        </Fields>
      )}
    </Section>
  )
}
