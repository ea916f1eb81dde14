import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'

/** A question above the page. Escape closes it, and the focus goes back to where it was opened. */
export function Dialog(props: {
  title: string
  isOpen: boolean
  onClose: () => void
  /** False where closing by accident would lose something. */
  isClosedByEscape?: boolean
  children: ReactNode
}) {
  const { isClosedByEscape = true } = props
  return (
    // No Modal.Header: a header element inside a dialog counts as a second banner of the page.
    <Modal.Root
      opened={props.isOpen}
      onClose={props.onClose}
      closeOnEscape={isClosedByEscape}
      closeOnClickOutside={false}
      centered
      size="lg"
    >
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body>
          <Modal.Title fw={600} fz="lg" mb="sm">
            {props.title}
          </Modal.Title>
          {props.children}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
