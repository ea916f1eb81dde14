import { Button, Text } from '@mantine/core'
import type { ScreenState } from '@unlatch/contract'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../agent-connection.ts'
import { Phase } from '../phase.tsx'
import { useAction } from '../use-action.ts'
import { MyCards } from './my-cards.tsx'
import { MySignIn } from './my-sign-in.tsx'
import classes from './my-smartcard.module.css'
import { OpenHolder } from './open-holder.tsx'

const PAGES = ['pin', 'cards', 'sign-in'] as const
type MyPage = (typeof PAGES)[number]

/** A card that works: its PIN, what is known of its holder's cards, and by what he shows that it is he. */
export function MySmartcard({ state, children }: { state: ScreenState; children: ReactNode }) {
  const { t } = useTranslation()
  const [page, setPage] = useState<MyPage>(readPage)
  if (state.holder === null) return children
  const go = (to: MyPage) => {
    history.replaceState(null, '', to === 'pin' ? location.pathname : `?page=${to}`)
    setPage(to)
  }
  return (
    <>
      <nav aria-label={t('mySmartcard.title')} className={classes.pages}>
        {PAGES.map((one) => (
          <Button
            key={one}
            size="md"
            px="sm"
            variant={one === page ? 'filled' : 'default'}
            aria-current={one === page ? 'page' : undefined}
            onClick={() => go(one)}
          >
            {t(`mySmartcard.pages.${one}`)}
          </Button>
        ))}
      </nav>
      {page === 'pin' ? children : <Own page={page} state={state} holder={state.holder} />}
    </>
  )
}

/** What stands in the address stays over a reload. */
function readPage(): MyPage {
  const asked = new URLSearchParams(location.search).get('page')
  return PAGES.find((one) => one === asked) ?? 'pin'
}

function Own(props: { page: Exclude<MyPage, 'pin'>; state: ScreenState; holder: NonNullable<ScreenState['holder']> }) {
  const { t, i18n } = useTranslation()
  const { page, state, holder } = props
  const closing = useAction()
  const { session } = holder
  if (session === null) {
    return <OpenHolder title={t(`mySmartcard.pages.${page}`)} state={state} holder={holder} />
  }
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: 'short' }).format(new Date(session.until))
  return (
    <Phase key={page} title={t(`mySmartcard.pages.${page}`)}>
      <div className={classes.session}>
        <Text>{t('mySmartcard.session.whose', { name: session.personName, time })}</Text>
        <Button
          variant="default"
          loading={closing.isRunning}
          onClick={() => void closing.run(() => post('/holder/leave'))}
        >
          {t('mySmartcard.session.close')}
        </Button>
      </div>
      {page === 'cards' ? (
        <MyCards session={session} helpDeskPhone={state.helpDeskPhone} />
      ) : (
        <MySignIn session={session} sealKey={state.sealKey} />
      )}
    </Phase>
  )
}
