import { Paper, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import classes from './section.module.css'

/** A part of a page with a heading of its own; with a name, a link leads to it. */
export function Section(props: { name?: string; title: string; lead?: string; children: ReactNode }) {
  const id = useId()
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-labelledby={id}
      {...(props.name !== undefined && { id: props.name, tabIndex: -1, className: classes.target as string })}
    >
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
