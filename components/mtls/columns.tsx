import { Skeleton } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import type { Column } from '@/components/ui/table/DataTable'
import { Figure } from '@/components/ui/Figure'
import type { MtlsMode } from '@/lib/api/schemas/mesh/graph'
import type { MtlsNamespace, PlaintextCaller } from '@/lib/api/schemas/config/mtls'
import { MTLS_STATES } from '@/lib/istio/mutual-tls/state'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Mtls.module.css'
import { StateMark } from './StateMark'
import type { TreeRow } from './tree'
import { callerRate, callersInShort, MODE_NOT_KNOWN, STATE_WORDS } from './words'

export interface RowActions {
  onToggle: (id: string) => void
  onSelect: (id: string) => void
}

/** Columns of the tree; of a narrow page the lesser ones are left out. */
export function mtlsColumns(
  { onToggle, onSelect }: RowActions,
  shows: { cluster: boolean; isNarrow: boolean; hasPanel: boolean },
): Column<TreeRow>[] {
  const columns: (Column<TreeRow> | false)[] = [
    {
      id: 'name',
      name: 'Namespace, workload, port',
      width: 'minmax(190px, 2.1fr)',
      cell: (row) => <Name row={row} onToggle={onToggle} onSelect={onSelect} />,
    },
    shows.cluster && {
      id: 'cluster',
      name: 'Cluster',
      width: 'minmax(72px, 0.7fr)',
      cell: (row) => (row.depth === 0 ? row.summary.cluster : null),
    },
    {
      id: 'state',
      name: 'Stands',
      meaning: 'the worst of itself and what is in it',
      width: '140px',
      cell: (row) => <State row={row} />,
    },
    {
      id: 'configured',
      name: 'Configured',
      meaning:
        'mode by PeerAuthentication: port before workload before namespace before mesh, the oldest of each',
      width: shows.isNarrow ? 'minmax(104px, 1fr)' : 'minmax(120px, 1.4fr)',
      cell: (row) => <Configured row={row} isShort={shows.isNarrow} />,
    },
    {
      id: 'effective',
      name: 'Effective',
      meaning: 'what is enforced in truth: by the proxies that are there',
      width: 'minmax(120px, 1.2fr)',
      cell: (row) => <Effective row={row} />,
    },
    {
      id: 'share',
      name: 'mTLS',
      meaning:
        'share of mutual TLS in what it received over the window; of requests, where none flow, of TCP bytes',
      width: '72px',
      align: 'right',
      cell: (row) => <Share row={row} />,
    },
    !shows.hasPanel && {
      id: 'callers',
      name: 'Plain-text callers',
      meaning: 'who sent plain text over the window, most first',
      width: 'minmax(150px, 1.5fr)',
      cell: (row) => <Callers row={row} />,
    },
    {
      id: 'rate',
      name: 'Plain text',
      meaning: 'per second in plain text: requests, or TCP connections',
      width: '104px',
      align: 'right',
      cell: (row) => <PlainRate row={row} />,
    },
  ]
  return columns.filter((column) => column !== false)
}

function Name({ row, onToggle, onSelect }: { row: TreeRow } & RowActions) {
  const indent = { paddingLeft: row.depth * 20 }
  if (row.kind === 'pending') {
    return (
      <span className={classes.name} style={indent}>
        {row.error === null ? (
          <Skeleton height={10} width={160} radius="sm" ml={22} aria-label="Loading" />
        ) : (
          <span className={classes.failed}>{row.error}</span>
        )}
      </span>
    )
  }
  const text = nameOf(row)
  return (
    <span className={classes.name} style={indent}>
      {row.canOpen ? (
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={row.isOpen}
          aria-label={`${row.isOpen ? 'Fold' : 'Unfold'} ${text}`}
          onClick={(event) => {
            // the row itself selects
            event.stopPropagation()
            onToggle(row.id)
          }}
        >
          <IconChevronRight size={14} data-open={row.isOpen || undefined} aria-hidden />
        </button>
      ) : (
        <span className={classes.toggle} aria-hidden />
      )}
      <button
        type="button"
        className={classes.choose}
        data-kind={row.kind}
        title={text}
        onClick={(event) => {
          event.stopPropagation()
          onSelect(row.id)
        }}
      >
        {text}
      </button>
    </span>
  )
}

function nameOf(row: Exclude<TreeRow, { kind: 'pending' }>): string {
  switch (row.kind) {
    case 'mesh':
      return `Whole mesh (${row.summary.cluster})`
    case 'namespace':
      return row.summary.namespace ?? ''
    case 'workload':
      return row.item.workload ?? ''
    case 'port':
      return `port ${row.item.port}`
  }
}

function State({ row }: { row: TreeRow }) {
  if (row.kind === 'pending') return null
  const state = row.depth === 0 ? row.summary.state : row.state
  if (state !== null) return <StateMark state={state} />
  const isRead = (row.depth === 0 ? row.summary : row.item).configured.mode !== null
  return <Figure text="–" why={isRead ? 'No workloads here' : MODE_NOT_KNOWN} />
}

function Configured({ row, isShort }: { row: TreeRow; isShort: boolean }) {
  if (row.kind === 'pending') return null
  const { configured } = row.depth === 0 ? row.summary : row.item
  const { mode, source, isElsewhere } = configured
  if (mode === null) return <Figure text="–" why={MODE_NOT_KNOWN} />
  const place = row.depth === 0 ? row.summary.namespace : row.item.namespace
  const by =
    source === null
      ? isElsewhere
        ? 'not yours to see'
        : 'Istio’s default'
      : source.namespace === place
        ? source.name
        : `${source.namespace}/${source.name}`
  return (
    <span
      title={
        source === null
          ? isElsewhere
            ? 'A PeerAuthentication of a namespace you may not see'
            : 'No PeerAuthentication sets a mode'
          : `PeerAuthentication ${source.namespace}/${source.name}`
      }
    >
      <Mode mode={mode} />
      {isShort ? null : <span className={classes.by}> {by}</span>}
    </span>
  )
}

function Mode({ mode }: { mode: MtlsMode }) {
  return <span className={classes.mode}>{mode}</span>
}

function Effective({ row }: { row: TreeRow }) {
  if (row.kind === 'pending') return null
  if (row.depth === 0) return <StateCounts summary={row.summary} />
  const { dataPlane, effective, podsWithoutProxy } = row.item
  if (dataPlane === 'none') {
    return (
      <span className={classes.warn} title={effective.reason}>
        nothing: no proxy
      </span>
    )
  }
  return (
    <span title={effective.reason}>
      {effective.mode === null ? <Figure text="–" why={MODE_NOT_KNOWN} /> : <Mode mode={effective.mode} />}
      {podsWithoutProxy.length > 0 ? (
        <span className={classes.warn}> {podsWithoutProxy.length} pods without proxy</span>
      ) : dataPlane === 'ambient' ? (
        <span className={classes.by}> ambient</span>
      ) : null}
    </span>
  )
}

/** Workloads of a namespace by state, the bad ones named. */
function StateCounts({ summary }: { summary: MtlsNamespace }) {
  const { sidecar, ambient, none } = summary.dataPlanes
  const all = sidecar + ambient + none
  if (all === 0) return <Figure text="–" why="No workloads here" />
  const words = MTLS_STATES.filter((state) => summary.states[state] > 0)
    .map((state) => `${summary.states[state]} ${STATE_WORDS[state].name.toLowerCase()}`)
    .join(', ')
  return (
    <span className="num" title={words}>
      {none === 0 ? `${all} with proxy` : none === all ? 'no proxies' : `${all - none} of ${all} with proxy`}
    </span>
  )
}

function Share({ row }: { row: TreeRow }) {
  if (row.kind === 'pending') return null
  const { mtlsRatio } = row.depth === 0 ? row.summary.observed : row.item.observed
  if (mtlsRatio === null) return <Figure text="–" why={whyUnseen(row)} />
  return <Figure text={formatRatio(mtlsRatio)} {...(mtlsRatio < 1 ? { tone: 'degraded' } : {})} />
}

function Callers({ row }: { row: TreeRow }) {
  if (row.kind === 'pending') return null
  const [callers, count] = callersOf(row)
  const { mtlsRatio } = row.depth === 0 ? row.summary.observed : row.item.observed
  // of what received nothing nobody can say that plain text was not sent
  if (callers === null || (callers.length === 0 && mtlsRatio === null))
    return <Figure text="–" why={whyUnseen(row)} />
  const text = callersInShort(callers, count)
  return text === '' ? <span className={classes.by}>none seen</span> : <span title={text}>{text}</span>
}

function PlainRate({ row }: { row: TreeRow }) {
  if (row.kind === 'pending') return null
  const [callers] = callersOf(row)
  if (callers === null || callers.length === 0) return null
  const rate = callers.reduce((sum, caller) => sum + (caller.requestsPerSecond ?? 0), 0)
  const [first] = callers
  const isRequests = callers.some(({ requestsPerSecond }) => requestsPerSecond !== null)
  if (row.depth === 0) {
    const { plaintextRequestsPerSecond } = row.summary.observed
    if (plaintextRequestsPerSecond !== null)
      return <Figure text={formatRate(plaintextRequestsPerSecond)} tone="degraded" />
  }
  const text = isRequests ? formatRate(rate) : first ? callerRate(first) : ''
  return <Figure text={text} tone="degraded" />
}

function whyUnseen(row: Exclude<TreeRow, { kind: 'pending' }>): string {
  const [callers] = callersOf(row)
  if (callers !== null) return 'Nothing was received in this window, or no proxy reported it'
  return row.kind === 'port'
    ? 'Telemetry does not tell the ports of this workload apart'
    : 'Not known while Prometheus gives no figures'
}

function callersOf(row: Exclude<TreeRow, { kind: 'pending' }>): [readonly PlaintextCaller[] | null, number] {
  if (row.depth === 0) {
    const { plaintextCallers, plaintextCount } = row.summary.observed
    return [plaintextCallers, plaintextCount ?? 0]
  }
  const { plaintextCallers } = row.item.observed
  return [plaintextCallers, plaintextCallers?.length ?? 0]
}
