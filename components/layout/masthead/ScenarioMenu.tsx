'use client'

import { Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconFlask, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useStatus } from '@/components/hooks/use-status'
import { queries, setScenario } from '@/lib/api/queries'
import classes from './Masthead.module.css'
import own from './ScenarioMenu.module.css'

/** Says that this mesh is simulated, and lets one start an incident in it. */
export function ScenarioMenu() {
  const status = useStatus()
  const isEmbedded = status.data?.mode === 'embedded'
  const client = useQueryClient()
  const scenarios = useQuery({ ...queries.scenarios(), enabled: isEmbedded, refetchInterval: 15_000 })
  const change = useMutation({
    mutationFn: (of: { name: string; action: 'start' | 'stop' }) => setScenario(of.name, of.action),
    onSuccess: (list) => client.setQueryData(queries.scenarios().queryKey, list),
  })
  if (!isEmbedded) return null
  const items = scenarios.data?.items ?? []
  const active = items.filter((item) => item.active && item.name !== 'healthy')
  const problem = change.error ?? scenarios.error
  return (
    <Menu position="bottom-start" width={380} classNames={{ dropdown: own.menu }}>
      <Menu.Target>
        <UnstyledButton
          className={`${classes.control} ${own.badge}`}
          data-active={active.length > 0 || undefined}
          aria-label={`Embedded mesh: ${active.map((item) => item.title).join(', ') || 'no incident'}`}
        >
          <IconFlask size={15} aria-hidden />
          <span className={`${classes.wide} ${own.mesh}`}>Embedded mesh</span>
          {active.length > 0 ? <span className={own.active}>{active[0]?.title}</span> : null}
          {active.length > 1 ? <span className={own.others}>+{active.length - 1}</span> : null}
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={own.intro}>
          A simulated mesh, since no Prometheus is configured. Start an incident to see how it shows.
        </div>
        {problem ? (
          <div className={own.problem} role="alert">
            {problem.message}
          </div>
        ) : null}
        {items.map((item) => (
          <Menu.Item
            key={item.name}
            closeMenuOnClick={false}
            disabled={change.isPending}
            data-active={item.active || undefined}
            aria-label={`${item.active ? 'Stop' : 'Start'} ${item.title}`}
            leftSection={
              item.active ? (
                <IconPlayerStop size={15} aria-hidden />
              ) : (
                <IconPlayerPlay size={15} aria-hidden />
              )
            }
            onClick={() => change.mutate({ name: item.name, action: item.active ? 'stop' : 'start' })}
          >
            <div className={own.title}>
              {item.title}
              {item.active ? <span className={own.running}>running</span> : null}
            </div>
            <div className={own.description}>{item.description}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
