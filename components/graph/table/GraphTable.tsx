'use client'

import { SegmentedControl, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useAddressState } from '@/components/hooks/address/use-address-state'
import { DataTable } from '@/components/ui/table/DataTable'
import type { AlertMark } from '@/lib/alerts/marks'
import type { Graph } from '@/lib/api/schemas/mesh/graph'
import { formatCount } from '@/lib/units/number'
import { namesApart } from '../scene/summary'
import { edgeColumns, nodeColumns } from './columns'
import classes from './GraphTable.module.css'
import { parseTableState, withTableState } from './table-state'

const WORST_FIRST = { column: 'health', isDescending: true }
const BUSIEST_FIRST = { column: 'rate', isDescending: true }

/** The same graph as rows: for readers, for copying, for sorting by what hurts. */
export default function GraphTable({
  graph,
  alerts,
  selected,
  onSelect,
}: {
  graph: Graph
  alerts: ReadonlyMap<string, AlertMark> | undefined
  selected: string | null
  onSelect: (id: string | null) => void
}) {
  const [state, setState] = useAddressState(parseTableState, withTableState)
  const { rows: part, filter } = state
  const needle = filter.trim().toLowerCase()
  const names = useMemo(() => namesApart(graph.nodes), [graph])
  const nodes = useMemo(
    () => graph.nodes.filter((node) => node.id.toLowerCase().includes(needle)),
    [graph, needle],
  )
  const edges = useMemo(
    () => graph.edges.filter((edge) => edge.id.toLowerCase().includes(needle)),
    [graph, needle],
  )
  const columns = useMemo(() => edgeColumns(names, onSelect), [names, onSelect])
  const ofNodes = useMemo(() => nodeColumns(graph.nodes, alerts, onSelect), [graph, alerts, onSelect])
  return (
    <div className={classes.frame}>
      <div className={classes.bar}>
        <SegmentedControl
          size="xs"
          value={part}
          onChange={(value) => setState({ rows: value as 'nodes' | 'edges' })}
          data={[
            { value: 'nodes', label: `Nodes (${formatCount(nodes.length)})` },
            { value: 'edges', label: `Edges (${formatCount(edges.length)})` },
          ]}
          aria-label="Rows"
        />
        <TextInput
          size="xs"
          w={240}
          placeholder="Filter by name or namespace"
          aria-label="Filter rows"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={filter}
          onChange={(event) => setState({ filter: event.currentTarget.value })}
        />
      </div>
      {part === 'nodes' ? (
        <DataTable
          label="Nodes of the graph"
          rows={nodes}
          columns={ofNodes}
          keyOf={(node) => node.id}
          initialSort={WORST_FIRST}
          sort={state.sort ?? WORST_FIRST}
          onSort={(sort) => setState({ sort })}
          filter={needle}
          selected={selected}
          onChoose={(node) => onSelect(node.id)}
        />
      ) : (
        <DataTable
          label="Edges of the graph"
          rows={edges}
          columns={columns}
          keyOf={(edge) => edge.id}
          initialSort={BUSIEST_FIRST}
          sort={state.sort ?? BUSIEST_FIRST}
          onSort={(sort) => setState({ sort })}
          filter={needle}
          selected={selected}
          onChoose={(edge) => onSelect(edge.id)}
        />
      )}
    </div>
  )
}
