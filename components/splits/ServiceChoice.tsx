'use client'

import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'

/** A service to be chosen, whose routing page then opens. */
export default function ServiceChoice({ scope }: { scope: Scope }) {
  const router = useRouter()
  const answer = useQuery(queries.items('services', scope))
  // telemetry alone knows of hosts outside, which have no versions here
  const items = (answer.data?.items ?? []).filter(({ kind }) => kind === 'service')
  return (
    <Select
      size="xs"
      label="Split the requests of"
      description="A service of the chosen namespaces"
      placeholder={answer.isPending ? 'Loading' : `${items.length} services`}
      searchable
      autoFocus
      limit={200}
      nothingFoundMessage="No such service"
      comboboxProps={{ withinPortal: false }}
      data={items.map(({ id, cluster, namespace, name }) => ({
        value: id,
        label: `${namespace}/${name} (${cluster})`,
      }))}
      error={answer.error?.message}
      onChange={(id) => {
        const item = items.find((each) => each.id === id)
        if (item) router.push(pagePaths.routing(item, { object: 'split' }))
      }}
    />
  )
}
