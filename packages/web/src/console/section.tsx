import { Paper, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

/** A part of a page with a heading of its own. */
export function Section(props: { title: string; lead?: string; children: ReactNode }) {
  const id = useId()
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id} mb={props.lead === undefined ? 'sm' : 4}>
        {props.title}
      </Title>
      {props.lead !== undefined && (
        <Text c="dimmed" mb="sm">
          {props.lead}
        </Text>
      )}
      {props.children}
    </Paper>
  )
}
