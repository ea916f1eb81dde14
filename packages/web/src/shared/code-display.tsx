import { type CodeKind, groupCode, type Language, spellGroup } from '@unlatch/contract'
import { useTranslation } from 'react-i18next'
import classes from './code-display.module.css'

/**
 * A code as it is read aloud: its groups, and under each how it is spelled. A screen reader hears the spelling, not the
 * symbols ("four two one seven"). The words are of the language in which the page is: of whoever reads aloud from it.
 */
export function CodeDisplay(props: { code: string; kind: CodeKind; label: string; size?: 'small' | 'large' }) {
  const { i18n } = useTranslation()
  const groups = groupCode(props.code, props.kind)
  return (
    <ol className={classes.groups} data-size={props.size ?? 'large'} aria-label={props.label}>
      {groups.map((group, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: groups have no identity but their place
        <li key={i} className={classes.group}>
          <span className={classes.symbols} aria-hidden>
            {group}
          </span>
          <span className={classes.spelled}>{spellGroup(group, i18n.language as Language)}</span>
        </li>
      ))}
    </ol>
  )
}
