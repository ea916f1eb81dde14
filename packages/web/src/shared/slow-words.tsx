import { Group, Loader, Text } from '@mantine/core'
import { useEffect, useState } from 'react'

/** Something is under way: a sign at once, and words for it after one second. */
export function SlowWords(props: { children: string }) {
  const [isSlow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 1000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Group gap="sm" role="status" mih={28} wrap="nowrap">
      <Loader size="sm" aria-hidden />
      {isSlow && <Text inherit>{props.children}</Text>}
    </Group>
  )
}
