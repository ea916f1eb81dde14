import { Button, Group } from '@mantine/core'

/** The one button of a way's panel: it sends the form, or does what it says. */
export function PanelButton(props: { isPending: boolean; children: string; onClick?: () => void }) {
  return (
    <Group>
      <Button type={props.onClick ? 'button' : 'submit'} loading={props.isPending} onClick={props.onClick}>
        {props.children}
      </Button>
    </Group>
  )
}
