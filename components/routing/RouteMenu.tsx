'use client'

import { Button, Menu } from '@mantine/core'
import { IconArrowsSplit2, IconRoute } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import type { ComponentProps } from 'react'
import { itemKindOf } from '@/components/details/windows'
import { pagePaths, type ItemRef, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'

/** The ways to what routes the requests of a thing: of a service its own, of a workload or app its services'. */
export function RouteMenu({
  detail,
  scope,
  size = 'xs',
}: {
  detail: ItemDetail
  scope: Scope
  size?: RouteButtonSize
}) {
  const services = servicesOf(detail)
  if (services.length === 0) return null
  return (
    <Menu position="bottom-end" width={340} withinPortal>
      <Menu.Target>
        <RouteButton size={size} />
      </Menu.Target>
      <Menu.Dropdown>
        {services.map((service) => (
          <ServiceItems key={service.name} service={service} scope={scope} />
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The same for a node of the graph, whose services are asked for with the rest of its panel. */
export function NodeRouteMenu({ node, scope }: { node: GraphNode; scope: Scope }) {
  const kind = itemKindOf(node)
  const ref = { cluster: node.cluster, namespace: node.namespace, name: node.name }
  const answer = useQuery({
    ...queries.item(kind ?? 'workloads', ref, { window: scope.window, at: scope.at }),
    enabled: kind !== null,
  })
  if (answer.data) return <RouteMenu detail={answer.data} scope={scope} size="compact-sm" />
  // its place is kept: what stands below must not jump
  return answer.isLoading ? <RouteButton size="compact-sm" disabled /> : null
}

/** As large as the buttons beside it. */
type RouteButtonSize = 'xs' | 'compact-sm'

/** A menu hands its button the ref and the attributes that open it. */
function RouteButton(props: ComponentProps<'button'> & { size: RouteButtonSize }) {
  return (
    <Button {...props} variant="default" leftSection={<IconRoute size={14} aria-hidden />}>
      Route traffic…
    </Button>
  )
}

function ServiceItems({ service, scope }: { service: ItemRef; scope: Scope }) {
  const time = { window: scope.window, at: scope.at }
  return (
    <>
      <Menu.Label>Service {service.name}</Menu.Label>
      <Menu.Item
        component={Link}
        prefetch={false}
        href={pagePaths.routing(service, time)}
        leftSection={<IconRoute size={14} aria-hidden />}
      >
        Matches, timeouts, faults, circuit breaker
      </Menu.Item>
      <Menu.Item
        component={Link}
        prefetch={false}
        href={pagePaths.routing(service, { ...time, object: 'split' })}
        leftSection={<IconArrowsSplit2 size={14} aria-hidden />}
      >
        Split between versions
      </Menu.Item>
    </>
  )
}

/** Kubernetes services; telemetry alone knows of others, which have no objects to edit. */
function servicesOf({ item, services, exists }: ItemDetail): ItemRef[] {
  const { cluster, namespace, kind, name } = item
  if (kind === 'service') return exists === null ? [] : [{ cluster, namespace, name }]
  return (services ?? []).map((each) => ({ cluster, namespace, name: each }))
}
