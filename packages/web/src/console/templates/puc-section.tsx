import { Anchor, Checkbox, NativeSelect, Radio, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { PUC_USES, type PucUse } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import { Fields, type TemplateFields } from './fields.tsx'
import styles from './templates.module.css'

/** What becomes of the PUC of a card. */
export function PucSection(props: TemplateFields) {
  const { t } = useTranslation()
  const { family, puc } = props.wish.document
  return (
    <Section name="puc" title={t('templates.puc.title')} lead={t('templates.puc.lead')}>
      <Fields isReadOnly={props.isReadOnly}>
        <Radio.Group
          aria-label={t('templates.puc.title')}
          value={puc}
          error={family === 'gids' && puc !== 'none' ? t('templates.puc.gids') : undefined}
          onChange={(next) => props.onChange({ puc: next as PucUse, connectionId: null })}
        >
          <div className={styles.choices}>
            {PUC_USES.map((use) => (
              <Radio
                key={use}
                value={use}
                label={t(`templates.puc.uses.${use}`)}
                description={t(`templates.puc.hints.${use}`)}
              />
            ))}
          </div>
        </Radio.Group>
        {family === 'gids' && puc === 'none' && <Text c="dimmed">{t('templates.puc.gids')}</Text>}
        {puc === 'delivered' && (
          <>
            <ConnectionChoice {...props} />
            <Checkbox
              label={t('templates.puc.windowsForm')}
              description={t('templates.puc.windowsFormHint')}
              checked={props.wish.document.tellsWindowsForm}
              onChange={(event) => props.onChange({ tellsWindowsForm: event.currentTarget.checked })}
            />
          </>
        )}
      </Fields>
    </Section>
  )
}

function ConnectionChoice(props: TemplateFields) {
  const { t } = useTranslation()
  const may = useMay()
  const { connections } = props
  const { connectionId } = props.wish.document
  const isGone = connectionId !== null && connections?.some(({ id }) => id === connectionId) === false
  return (
    <>
      <NativeSelect
        label={t('templates.puc.connection')}
        description={t('templates.puc.connectionHint')}
        value={connectionId ?? ''}
        disabled={connections === undefined}
        onChange={(event) => props.onChange({ connectionId: event.currentTarget.value || null })}
      >
        <option value="">{t('templates.puc.chooseConnection')}</option>
        {connections === undefined && connectionId !== null && (
          <option value={connectionId}>{t('templates.puc.unknownConnection')}</option>
        )}
        {isGone && <option value={connectionId}>{t('templates.puc.goneConnection')}</option>}
        {connections?.map(({ id, name, testedAt }) => (
          <option key={id} value={id}>
            {testedAt === null ? t('templates.puc.untested', { name }) : name}
          </option>
        ))}
      </NativeSelect>
      {connections?.length === 0 && (
        <Text>
          {t('templates.puc.noConnection')}{' '}
          {may('connection:write') && (
            <Anchor underline="always" renderRoot={(anchor) => <Link {...anchor} to="/options/connections/new" />}>
              {t('templates.puc.addConnection')}
            </Anchor>
          )}
        </Text>
      )}
    </>
  )
}
