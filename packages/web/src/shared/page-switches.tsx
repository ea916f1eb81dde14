import { Group } from '@mantine/core'
import { LanguageSwitch } from './language-switch.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'

/** What somebody chooses for a page as a whole: its language and its colours. */
export function PageSwitches() {
  return (
    <Group gap={2} wrap="nowrap">
      <LanguageSwitch />
      <SchemeSwitch />
    </Group>
  )
}
