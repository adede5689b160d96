'use client'

import { useMemo } from 'react'
import type { ItemRef } from '@/lib/api/paths'
import { newDestinationRule, newHttpRoute, newVirtualService } from '@/lib/istio/edit/create'
import { refOfObject } from '@/lib/mesh/resource'
import { NewObjectPanel } from './ObjectPanel'
import type { NewKind } from './routing-address'

/** An object a service does not have yet, to begin with: it changes nothing until its form says something. */
export default function NewObject({
  kind,
  service,
  port,
  onCreated,
}: {
  kind: NewKind
  service: ItemRef
  port: number | null
  onCreated: () => void
}) {
  const { cluster, namespace, name } = service
  const fresh = useMemo(() => {
    const at = { namespace, name }
    if (kind === 'VirtualService') return newVirtualService(at)
    return kind === 'HTTPRoute' ? newHttpRoute(at, port ?? 80) : newDestinationRule(at)
  }, [kind, namespace, name, port])
  const target = useMemo(
    () => refOfObject(cluster, { apiVersion: fresh.apiVersion, kind, namespace, name }),
    [cluster, fresh.apiVersion, kind, namespace, name],
  )
  return <NewObjectPanel target={target} fresh={fresh} onCreated={onCreated} />
}
