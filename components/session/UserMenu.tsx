'use client'

import { ActionIcon, Menu } from '@mantine/core'
import { IconLogout, IconUser } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { signOut } from '@/lib/api/session'
import { formatDate } from '@/lib/units/date'

/** Who is signed in, and the way out; nothing where there is no sign-in. */
export function UserMenu() {
  const session = useQuery(queries.session())
  const leave = useMutation({
    mutationFn: signOut,
    networkMode: 'always',
    onSuccess: () => window.location.assign(pagePaths.signIn('/')),
  })
  if (!session.data || session.data.mode === 'anonymous') return null
  const { mode, user, expiresAt } = session.data
  const name = user ?? 'a user without a name'
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size={32} aria-label={`Signed in as ${name}`}>
          <IconUser size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          Signed in as {name}
          {expiresAt === null ? '' : `, until ${formatDate(expiresAt, { timeZone, timeOnly: true })}`}
        </Menu.Label>
        {mode === 'token' ? (
          <Menu.Item leftSection={<IconLogout size={14} aria-hidden />} onClick={() => leave.mutate()}>
            Sign out
          </Menu.Item>
        ) : (
          <Menu.Label>The proxy in front of Heddle signs you in and out.</Menu.Label>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
