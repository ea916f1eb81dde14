import type { KeyboardEvent } from 'react'

/**
 * Enter moves on. The key goes no further: a button that gets the focus while Enter is down would be pressed by the same
 * stroke.
 */
export const onEnter = (moveOn: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Enter') return
  event.preventDefault()
  moveOn()
}
