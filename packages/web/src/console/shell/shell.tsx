import { Burger, Button, Group } from '@mantine/core'
import { IconLogout, IconUser } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PageSwitches } from '../../shared/page-switches.tsx'
import { ProductMark } from '../../shared/product-mark.tsx'
import { signOut } from '../server-api.ts'
import { useForgetSession, useSession } from '../sign-in/session-gate.tsx'
import { StatusBanner, UnreachableBanner } from './banners.tsx'
import { Menu } from './menu.tsx'
import classes from './shell.module.css'

/** Header, menu and banners around each page. A page is in the menu when it works. */
export function Shell() {
  const { t } = useTranslation()
  const [isMenuOpen, setMenuOpen] = useState(false)
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        {t('shared.skipToContent')}
      </a>
      <StatusBanner />
      <header className={classes.header}>
        <Group gap="sm" wrap="nowrap">
          <Burger
            className={classes.burger}
            opened={isMenuOpen}
            onClick={() => setMenuOpen((isOpen) => !isOpen)}
            aria-label={t('console.menu.open')}
            aria-expanded={isMenuOpen}
            aria-controls="menu"
            size="sm"
          />
          <ProductMark name={t('shared.productName')} />
        </Group>
        <Account />
      </header>
      <div className={classes.body}>
        <nav
          id="menu"
          aria-label={t('console.menu.label')}
          className={classes.menu}
          data-open={isMenuOpen || undefined}
        >
          <Menu onChoose={() => setMenuOpen(false)} />
        </nav>
        <main id="content" tabIndex={-1} className={classes.content}>
          <UnreachableBanner />
          <Outlet />
        </main>
      </div>
    </div>
  )
}

function Account() {
  const { t } = useTranslation()
  const { operator } = useSession()
  const forget = useForgetSession()
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate({ to: '/actions/smart-card-unblock', search: {}, replace: true })
      forget()
    },
  })
  return (
    <Group gap={4} wrap="nowrap" className={classes.account}>
      <Button
        component={Link}
        to="/account"
        variant="subtle"
        color="gray"
        size="compact-md"
        className={classes.operator as string}
        aria-label={t('console.account.label', { name: operator.name })}
        title={t('console.account.label', { name: operator.name })}
        leftSection={<IconUser aria-hidden size={18} />}
      >
        <span className={classes.operatorName}>{operator.name}</span>
      </Button>
      <PageSwitches />
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        className={classes.signOut as string}
        aria-label={t('console.account.signOut')}
        title={t('console.account.signOut')}
        leftSection={<IconLogout aria-hidden size={18} />}
        loading={leave.isPending}
        onClick={() => leave.mutate()}
      >
        <span className={classes.signOutWords}>{t('console.account.signOut')}</span>
      </Button>
    </Group>
  )
}
