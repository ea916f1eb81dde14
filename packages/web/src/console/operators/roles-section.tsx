import { Button, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { OperatorView, RoleView } from '@unlatch/contract'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toFailure } from '../../shared/call-api.ts'
import { ProblemNotice } from '../../shared/problem-notice.tsx'
import { changeRoles } from '../operator-api.ts'
import { Section } from '../section.tsx'
import { useMay, useSession } from '../sign-in/session-gate.tsx'
import { RoleChoice } from './choices.tsx'

/** An operator's roles. */
export function RolesSection(props: { operator: OperatorView; roles: readonly RoleView[] }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const may = useMay()
  const { operator } = props
  const isOwn = useSession().operator.id === operator.id
  const [given, setGiven] = useState<string[]>(operator.roles)
  const save = useMutation({
    mutationFn: () => changeRoles(operator.id, given),
    onSuccess: () =>
      queries
        .invalidateQueries({ queryKey: ['roles'] })
        .then(() => queries.invalidateQueries({ queryKey: ['operators'] })),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate()
  }
  const mayChange = may('operator:write') && !isOwn
  return (
    <Section
      title={t('operators.details.rolesTitle')}
      lead={t(isOwn ? 'operators.details.ownRoles' : 'operators.details.rolesLead')}
    >
      <form onSubmit={submit}>
        {save.isError && <ProblemNotice problem={toFailure(save.error)} />}
        <RoleChoice
          roles={props.roles}
          given={given}
          before={operator.roles}
          isDisabled={!mayChange}
          onChange={setGiven}
        />
        {mayChange && (
          <Button mt="md" type="submit" loading={save.isPending}>
            {t('operators.details.rolesSubmit')}
          </Button>
        )}
        <Text role="status" mt="xs">
          {save.isSuccess && t('operators.details.rolesSaved')}
        </Text>
      </form>
    </Section>
  )
}
