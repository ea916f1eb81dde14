import { Group, Text } from '@mantine/core'
import sign from './unlatch.svg'

/** The product's sign, and the name that stands beside it. */
export function ProductMark(props: { name: string }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <img src={sign} alt="" width={28} height={28} />
      <Text fw={700} size="lg">
        {props.name}
      </Text>
    </Group>
  )
}
