'use client'

import { Button, Popover, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { pagePaths, type Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'

/** The way to the first split of a service: which one is chosen here, the rest on its page. */
export function NewSplit({ scope }: { scope: Scope }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-end"
      width={320}
      trapFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <Button size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setOpen(!isOpen)}>
          New split
        </Button>
      </Popover.Target>
      <Popover.Dropdown>{isOpen ? <ServiceChoice scope={scope} /> : null}</Popover.Dropdown>
    </Popover>
  )
}

function ServiceChoice({ scope }: { scope: Scope }) {
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
