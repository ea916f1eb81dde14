import { Radio, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** What an administrator says of an agent. */
export interface AgentWish {
  readonly name: string
  readonly isStation: boolean
}

/** Name and kind of an agent. */
export function AgentFields(props: { wish: AgentWish; isInDialog: boolean; onChange: (wish: AgentWish) => void }) {
  const { t } = useTranslation()
  const { wish, onChange } = props
  return (
    <>
      <TextInput
        label={t('agents.name')}
        description={t('agents.nameHint')}
        value={wish.name}
        onChange={(event) => onChange({ ...wish, name: event.currentTarget.value })}
        maxLength={100}
        required
        withAsterisk={false}
        autoComplete="off"
        {...(props.isInDialog && { 'data-autofocus': true })}
      />
      <Radio.Group
        label={t('agents.kind')}
        value={wish.isStation ? 'station' : 'holder'}
        onChange={(kind) => onChange({ ...wish, isStation: kind === 'station' })}
      >
        <Stack gap="xs" mt={4}>
          {(['holder', 'station'] as const).map((kind) => (
            <Radio
              key={kind}
              value={kind}
              label={t(`agents.kinds.${kind}`)}
              description={t(`agents.kindHints.${kind}`)}
            />
          ))}
        </Stack>
      </Radio.Group>
    </>
  )
}
