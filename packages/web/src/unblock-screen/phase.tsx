import { Title } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import classes from './unblock-screen.module.css'

/** One phase: its heading gets the focus, so that it is read out when the screen changes. */
export function Phase(props: {
  title: string
  Sign?: Icon
  tone?: 'good' | 'bad'
  isHidden?: boolean
  children?: ReactNode
}) {
  const { title, Sign, isHidden } = props
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isHidden) heading.current?.focus({ preventScroll: true })
  }, [isHidden])
  useEffect(() => {
    if (!isHidden) document.title = title
  }, [title, isHidden])
  return (
    <div className={classes.phase} hidden={isHidden}>
      {Sign !== undefined && (
        <Sign aria-hidden size={56} stroke={1.5} className={classes.sign} data-tone={props.tone} />
      )}
      <Title order={1} size="h2" ref={heading} tabIndex={-1}>
        {title}
      </Title>
      {props.children}
    </div>
  )
}
