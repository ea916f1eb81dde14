import type { AddTemplate, ConnectionView, TemplateDocument } from '@unlatch/contract'
import type { ReactNode } from 'react'
import classes from '../section.module.css'

/** What the sections of a template's form have in common. */
export interface TemplateFields {
  readonly wish: AddTemplate
  readonly isReadOnly: boolean
  /** Undefined where the operator may not see them. */
  readonly connections: readonly ConnectionView[] | undefined
  readonly onChange: (change: Partial<TemplateDocument>) => void
}

/** Fields of a section, all of which can be read only. */
export function Fields(props: { isReadOnly: boolean; children: ReactNode }) {
  return (
    <fieldset disabled={props.isReadOnly} className={classes.fields}>
      {props.children}
    </fieldset>
  )
}
