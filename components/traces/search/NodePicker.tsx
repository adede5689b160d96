'use client'

import { Select } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { ItemKind, Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import { parseNodeId } from '@/lib/mesh/identity'

// a person does not scroll through more; typing finds the rest
const MOST = 60
const GROUPS: { kind: ItemKind; name: string; one: string }[] = [
  { kind: 'workloads', name: 'Workloads', one: 'workload' },
  { kind: 'services', name: 'Services', one: 'service' },
  { kind: 'apps', name: 'Applications', one: 'application' },
]

/** Chooses whose traces to look for: a node of the mesh, or a name as the tracing store has it. */
export function NodePicker({
  node,
  service,
  scope,
  onNode,
  onService,
}: {
  node: string | null
  service: string | null
  scope: Scope
  onNode: (id: string | null) => void
  onService: (name: string) => void
}) {
  const [isOpen, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const answers = useQueries({
    queries: GROUPS.map(({ kind }) => ({
      ...queries.items(kind, { window: scope.window, at: scope.at }),
      enabled: isOpen,
    })),
  })
  const groups = useMemo(() => {
    const clusters = new Set(answers.flatMap(({ data }) => (data?.items ?? []).map(({ cluster }) => cluster)))
    const all = GROUPS.map(({ name, one }, index) => ({
      group: name,
      items: (answers[index]?.data?.items ?? []).map((item) => ({
        value: item.id,
        label: [
          item.name,
          clusters.size > 1 ? `${item.cluster}/${item.namespace}` : item.namespace,
          one,
        ].join(' · '),
      })),
    })).filter((group) => group.items.length > 0)
    const known = new Set(all.flatMap((group) => group.items.map((item) => item.value)))
    // what the address names stays readable before the lists are there, or when they do not hold it
    const chosen = node ?? (service === null ? null : SERVICE + service)
    return chosen === null || known.has(chosen)
      ? all
      : [{ group: 'Chosen', items: [{ value: chosen, label: labelOf(chosen) }] }, ...all]
  }, [answers, node, service])
  const found = groups
    .flatMap((group) => group.items)
    .some((item) => item.label.toLowerCase().includes(typed.toLowerCase().trim()))
  const failed = answers.find((answer) => answer.error)?.error
  const isLoading = isOpen && answers.some((answer) => answer.isPending)
  return (
    <Select
      size="xs"
      w={320}
      maw="100%"
      searchable
      clearable
      limit={MOST}
      placeholder="Workload, service or application"
      aria-label="Traces of"
      leftSection={<IconSearch size={14} aria-hidden />}
      data={groups}
      value={node ?? (service === null ? null : SERVICE + service)}
      onChange={(value) => onNode(value !== null && value.startsWith(SERVICE) ? null : value)}
      onSearchChange={setTyped}
      onDropdownOpen={() => setOpen(true)}
      nothingFoundMessage={
        failed
          ? failed.message
          : isLoading
            ? 'Reading names'
            : `Nothing in the mesh is called so. Enter asks the tracing store for the service “${typed.trim()}”.`
      }
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || found || isLoading || typed.trim() === '') return
        event.preventDefault()
        onService(typed.trim())
      }}
      comboboxProps={{ shadow: 'md' }}
    />
  )
}

const SERVICE = 'service:'

function labelOf(value: string): string {
  if (value.startsWith(SERVICE)) return `${value.slice(SERVICE.length)} · tracing store`
  const ref = parseNodeId(value)
  if (!ref) return value
  const kind = ref.kind === 'app' ? 'application' : ref.kind
  return `${ref.name} · ${ref.namespace} · ${kind}`
}
