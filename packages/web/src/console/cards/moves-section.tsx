import { Button, Stack, Text } from '@mantine/core'
import {
  type Icon,
  IconArchive,
  IconBan,
  IconBox,
  IconPlayerPause,
  IconPlayerPlay,
  IconReplace,
} from '@tabler/icons-react'
import type { CardDetails, CardMove } from '@unlatch/contract'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Section } from '../section.tsx'
import { useMay } from '../sign-in/session-gate.tsx'
import classes from './cards.module.css'
import { MoveDialog } from './move-dialog.tsx'
import { ReplaceDialog } from './replace-dialog.tsx'

const SIGNS = {
  suspend: IconPlayerPause,
  resume: IconPlayerPlay,
  revoke: IconBan,
  retire: IconArchive,
  restock: IconBox,
} as const satisfies Record<CardMove, Icon>

/** What the table of moves lets an operator do with the card now; and its replacement. */
export function MovesSection({ card }: { card: CardDetails }) {
  const { t } = useTranslation()
  const may = useMay()
  const [asked, setAsked] = useState<CardMove | 'replace'>()
  const [moved, setMoved] = useState<CardDetails['state']>()
  const close = () => setAsked(undefined)
  const mayReplace =
    card.holder !== null && card.state !== 'registered' && card.replacedBy === null && may('card:register')
  if (!may('card:move')) {
    return (
      <Section name="moves" title={t('cards.moves.title')}>
        <Text>{t('cards.moves.onlyRead')}</Text>
      </Section>
    )
  }
  return (
    <Section name="moves" title={t('cards.moves.title')}>
      <Stack gap="sm">
        <Text role="status" hidden={moved === undefined}>
          {moved !== undefined && t('cards.moves.done', { state: t(`console.unblock.card.state.${moved}`) })}
        </Text>
        {card.moves.length === 0 && <Text>{t('cards.moves.none')}</Text>}
        <div className={classes.moves}>
          {card.moves.map(({ move }) => {
            const Sign = SIGNS[move]
            return (
              <Button
                key={move}
                variant="default"
                leftSection={<Sign aria-hidden size={18} />}
                onClick={() => setAsked(move)}
              >
                {t(`cards.moves.button.${move}`)}
              </Button>
            )
          })}
          {mayReplace && (
            <Button
              variant="default"
              leftSection={<IconReplace aria-hidden size={18} />}
              onClick={() => setAsked('replace')}
            >
              {t('cards.replace.button')}
            </Button>
          )}
        </div>
      </Stack>
      <MoveDialog
        card={card}
        move={asked === 'replace' ? undefined : asked}
        onClose={close}
        onMoved={(state) => {
          setMoved(state)
          close()
        }}
      />
      <ReplaceDialog card={card} isOpen={asked === 'replace'} onClose={close} />
    </Section>
  )
}
