import { Button } from '@mantine/core'
import { ProblemNotice } from '../shared/problem-notice.tsx'
import { post } from './agent-connection.ts'
import classes from './unblock-screen.module.css'
import { useAction } from './use-action.ts'

/** Begins an unblock with the PUC. */
export function PucButton(props: { text: string; variant: 'filled' | 'default' }) {
  const begin = useAction()
  return (
    <>
      {begin.failure !== undefined && <ProblemNotice problem={begin.failure} />}
      <Button
        variant={props.variant}
        size="lg"
        className={classes.primary as string}
        loading={begin.isRunning}
        onClick={() => void begin.run(() => post('/unblock/begin-with-puc'))}
      >
        {props.text}
      </Button>
    </>
  )
}
