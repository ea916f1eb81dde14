import { Burger, Button, Group, NavLink, Text } from '@mantine/core'
import { IconIdBadge2, IconLockOpen2, IconLogout, IconUser, IconUsersGroup, IconWand } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link, Outlet, useMatchRoute, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProductMark } from '../../shared/product-mark.tsx'
import { SchemeSwitch } from '../../shared/scheme-switch.tsx'
import { signOut } from '../server-api.ts'
import { useForgetSession, useMay, useSession } from '../sign-in/session-gate.tsx'
import { StatusBanner, UnreachableBanner } from './banners.tsx'
import classes from './shell.module.css'

/** Header, menu and banners around each page. A page is in the menu when it works. */
export function Shell() {
  const { t } = useTranslation()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const may = useMay()
  const matches = useMatchRoute()
  const isUnblock = matches({ to: '/actions/smart-card-unblock' }) !== false
  const isRegister = matches({ to: '/lifecycle/register' }) !== false
  const isIssue = matches({ to: '/lifecycle/issue' }) !== false
  const isOperators = matches({ to: '/options/operators-and-roles', fuzzy: true }) !== false
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
          {may('unblock:release') && (
            <>
              <Text size="sm" fw={600} c="dimmed" px="sm" py={4}>
                {t('console.menu.actions')}
              </Text>
              <NavLink
                component={Link}
                to="/actions/smart-card-unblock"
                label={t('console.menu.unblock')}
                leftSection={<IconLockOpen2 aria-hidden size={18} />}
                active={isUnblock}
                aria-current={isUnblock ? 'page' : undefined}
                onClick={() => setMenuOpen(false)}
              />
            </>
          )}
          {may('card:register') && (
            <>
              <Text size="sm" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>
                {t('console.menu.lifecycle')}
              </Text>
              <NavLink
                component={Link}
                to="/lifecycle/register"
                label={t('console.menu.register')}
                leftSection={<IconIdBadge2 aria-hidden size={18} />}
                active={isRegister}
                aria-current={isRegister ? 'page' : undefined}
                onClick={() => setMenuOpen(false)}
              />
              <NavLink
                component={Link}
                to="/lifecycle/issue"
                label={t('console.menu.issue')}
                leftSection={<IconWand aria-hidden size={18} />}
                active={isIssue}
                aria-current={isIssue ? 'page' : undefined}
                onClick={() => setMenuOpen(false)}
              />
            </>
          )}
          {may('operator:read') && (
            <>
              <Text size="sm" fw={600} c="dimmed" px="sm" pt="sm" pb={4}>
                {t('console.menu.options')}
              </Text>
              <NavLink
                component={Link}
                to="/options/operators-and-roles"
                label={t('console.menu.operators')}
                leftSection={<IconUsersGroup aria-hidden size={18} />}
                active={isOperators}
                aria-current={isOperators ? 'page' : undefined}
                onClick={() => setMenuOpen(false)}
              />
            </>
          )}
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
      <SchemeSwitch />
      <Button
        variant="subtle"
        color="gray"
        size="compact-md"
        className={classes.signOut as string}
        leftSection={<IconLogout aria-hidden size={18} />}
        loading={leave.isPending}
        onClick={() => leave.mutate()}
      >
        {t('console.account.signOut')}
      </Button>
    </Group>
  )
}
