import { type CodeKind, groupCode, spellGroup } from '@unlatch/contract'
import classes from './code-display.module.css'

/**
 * A code as it is read aloud: its groups, and under each how it is spelled. A screen reader hears the spelling, not the
 * symbols ("four two one seven").
 */
export function CodeDisplay(props: { code: string; kind: CodeKind; label: string; size?: 'small' | 'large' }) {
  const groups = groupCode(props.code, props.kind)
  return (
    <ol className={classes.groups} data-size={props.size ?? 'large'} aria-label={props.label}>
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
        <li key={i} className={classes.group}>
          <span className={classes.symbols} aria-hidden>
            {group}
          </span>
          <span className={classes.spelled}>{spellGroup(group)}</span>
        </li>
      ))}
    </ol>
  )
}
