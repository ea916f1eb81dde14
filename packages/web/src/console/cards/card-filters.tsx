import { Checkbox, CloseButton, NativeSelect, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { CARD_FINDINGS, CARD_STATES } from '@unlatch/contract'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../sign-in/session-gate.tsx'
import { readTemplates } from '../template-api.ts'
import classes from './cards.module.css'
import { type CardsAddress, COLUMNS, changeList, ordersOf } from './cards-address.ts'

interface FiltersProps {
  readonly address: CardsAddress
  readonly onChange: (next: CardsAddress, isTyping?: boolean) => void
}

/** Search, filters and order of the list. */
export function CardFilters({ address, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const change = (next: Parameters<typeof changeList>[1]) => onChange(changeList(address, next))
  const orders = ordersOf(address)
  return (
    <search aria-label={t('cards.list.search')} className={classes.filters as string}>
      <SearchField address={address} onChange={onChange} />
      <Choice
        label={t('cards.list.state')}
        value={address.state}
        options={CARD_STATES.map((state) => [state, t(`console.unblock.card.state.${state}`)])}
        onChange={(state) => change({ state: state as CardsAddress['state'] })}
      />
      <Choice
        label={t('cards.list.family')}
        value={address.family}
        options={[
          ['piv', t('cards.file.families.piv')],
          ['gids', t('cards.file.families.gids')],
        ]}
        onChange={(family) => change({ family: family as CardsAddress['family'] })}
      />
      <TemplateFilter template={address.template} onChange={(template) => change({ template })} />
      <Choice
        label={t('cards.list.finding')}
        value={address.finding}
        options={CARD_FINDINGS.map((finding) => [finding, t(`cards.findings.${finding}.title`)])}
        onChange={(finding) => change({ finding: finding as CardsAddress['finding'] })}
      />
      <NativeSelect
        label={t('cards.list.sort')}
        value={address.sort ?? ''}
        disabled={orders.length === 0}
        onChange={(event) => {
          const sort = orders.find((one) => one === event.currentTarget.value)
          change({ sort: sort === 'newest' ? undefined : sort })
        }}
      >
        {orders.length === 0 && <option value="">{t('cards.list.ownOrder')}</option>}
        {orders.map((order) => (
          <option key={order} value={order === 'newest' ? '' : order}>
            {t(`cards.list.sorts.${order}`)}
          </option>
        ))}
      </NativeSelect>
    </search>
  )
}

function Choice(props: {
  label: string
  value: string | undefined
  options: readonly (readonly [value: string, words: string])[]
  onChange: (value: string | undefined) => void
}) {
  const { t } = useTranslation()
  return (
    <NativeSelect
      label={props.label}
      value={props.value ?? ''}
      onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
    >
      <option value="">{t('cards.list.any')}</option>
      {props.options.map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </NativeSelect>
  )
}

/** For those who see card templates. */
function TemplateFilter(props: { template: string | undefined; onChange: (template: string | undefined) => void }) {
  const { t } = useTranslation()
  const may = useMay()
  const found = useQuery({ queryKey: ['card-templates'], queryFn: readTemplates, enabled: may('template:read') })
  const names = (found.data?.templates ?? []).map(({ id, name }) => [id, name] as const)
  if (!may('template:read') && props.template === undefined) return null
  const isKnown = props.template === undefined || names.some(([id]) => id === props.template)
  return (
    <Choice
      label={t('cards.list.template')}
      value={props.template}
      options={isKnown ? names : [...names, [props.template ?? '', '…']]}
      onChange={props.onChange}
    />
  )
}

/** The list follows what is typed; the address keeps it. */
function SearchField({ address, onChange }: FiltersProps) {
  const { t } = useTranslation()
  const search = address.search ?? ''
  const [typed, setTyped] = useState(search)
  const settle = useDebouncedCallback((text: string) => {
    onChange(changeList(address, { search: text.trim() === '' ? undefined : text.trim() }), true)
  }, 300)
  // Back and forward change the address under the field; what is typed now is newer than its own address.
  useEffect(() => setTyped((now) => (now.trim() === search ? now : search)), [search])
  return (
    <div className={classes.search}>
      <TextInput
        type="search"
        label={t('cards.list.search')}
        description={t('cards.list.searchHint')}
        inputWrapperOrder={['label', 'input', 'description']}
        leftSection={<IconSearch aria-hidden size={18} />}
        rightSection={
          typed !== '' && (
            <CloseButton
              aria-label={t('cards.list.clear')}
              onClick={() => {
                setTyped('')
                settle('')
              }}
            />
          )
        }
        value={typed}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          settle(event.currentTarget.value)
        }}
      />
      {search === '' && (
        <Text size="sm" c="dimmed">
          {t('cards.list.oneFilter')}
        </Text>
      )}
    </div>
  )
}

/** Which columns stand in the table. */
export function ColumnChoice(props: { hidden: readonly string[]; onChange: (hidden: readonly string[]) => void }) {
  const { t } = useTranslation()
  return (
    <details className={classes.columns}>
      <summary>{t('cards.list.columns')}</summary>
      <fieldset className={classes.columnList} aria-label={t('cards.list.columns')}>
        {COLUMNS.map((column) => (
          <Checkbox
            key={column}
            label={t(`cards.list.${column}`)}
            checked={!props.hidden.includes(column)}
            onChange={(event) => {
              const others = props.hidden.filter((one) => one !== column)
              props.onChange(event.currentTarget.checked ? others : [...others, column])
            }}
          />
        ))}
      </fieldset>
    </details>
  )
}
