import type { Column } from '@/components/ui/table/DataTable'
import plain from '@/components/ui/Plain.module.css'
import { HealthIcon } from '@/components/ui/health/Health'
import type {
  ProxyCluster,
  ProxyEndpoint,
  ProxyListener,
  ProxyRoute,
} from '@/lib/api/schemas/telemetry/proxy'
import { formatDuration } from '@/lib/units/duration'
import classes from './Proxy.module.css'

const TLS = { mutual: 'mutual TLS', simple: 'TLS', auto: 'mutual TLS, automatic' } as const

const absent = <span className={plain.quiet}>–</span>

function Mono({ children }: { children: string }) {
  return (
    <span className={classes.mono} title={children}>
      {children}
    </span>
  )
}

/** `outbound|9080|v1|reviews.bookinfo.svc.cluster.local` as `reviews.bookinfo:9080 (v1)`. */
function withShortClusters(action: string): string {
  return action.replace(
    /outbound\|(\d+)\|([^|,\s]*)\|([^|,\s]+)/g,
    (_whole, port: string, subset: string, host: string) =>
      `${host.replace(/\.svc\.cluster\.local$/, '')}:${port}${subset === '' ? '' : ` (${subset})`}`,
  )
}

export function clusterColumns(onEndpoints: (cluster: string) => void): Column<ProxyCluster>[] {
  return [
    {
      id: 'host',
      name: 'Stands for',
      width: 'minmax(240px, 2.4fr)',
      sortBy: (row) => row.host ?? row.name,
      cell: (row) => <Mono>{row.host ?? row.name}</Mono>,
    },
    {
      id: 'port',
      name: 'Port',
      width: '64px',
      align: 'right',
      sortBy: (row) => row.port,
      cell: (row) => row.port ?? absent,
    },
    {
      id: 'subset',
      name: 'Subset',
      width: 'minmax(70px, 0.7fr)',
      sortBy: (row) => row.subset,
      cell: (row) => row.subset ?? absent,
    },
    {
      id: 'direction',
      name: 'Direction',
      width: '88px',
      sortBy: (row) => row.direction,
      cell: (row) => row.direction ?? absent,
    },
    {
      id: 'type',
      name: 'Endpoints from',
      meaning:
        'How the proxy finds the endpoints: EDS is istiod, STRICT_DNS the name, ORIGINAL_DST the address asked for',
      width: '130px',
      sortBy: (row) => row.type,
      cell: (row) => row.type,
    },
    {
      id: 'endpoints',
      name: 'Healthy endpoints',
      width: '140px',
      align: 'right',
      sortBy: (row) => row.healthyEndpoints,
      cell: (row) =>
        row.endpoints === null || row.healthyEndpoints === null ? (
          absent
        ) : row.endpoints === 0 ? (
          row.type === 'EDS' ? (
            <span className={classes.bad}>none</span>
          ) : (
            absent
          )
        ) : (
          <button
            type="button"
            className={plain.linkish}
            data-bad={row.healthyEndpoints < row.endpoints || undefined}
            onClick={() => onEndpoints(row.name)}
          >
            {row.healthyEndpoints} of {row.endpoints}
          </button>
        ),
    },
    {
      id: 'tls',
      name: 'Connects with',
      width: 'minmax(130px, 1.2fr)',
      sortBy: (row) => row.tls,
      cell: (row) => (row.tls === null ? <span className={plain.quiet}>plain text</span> : TLS[row.tls]),
    },
    {
      id: 'state',
      name: 'State',
      width: '80px',
      sortBy: (row) => row.origin,
      cell: (row) => (row.origin === 'warming' ? <span className={classes.warn}>warming</span> : row.origin),
    },
  ]
}

export const LISTENER_COLUMNS: Column<ProxyListener>[] = [
  {
    id: 'name',
    name: 'Listener',
    width: 'minmax(170px, 1.2fr)',
    sortBy: (row) => row.name,
    cell: (row) => <Mono>{row.name}</Mono>,
  },
  {
    id: 'address',
    name: 'Address',
    width: 'minmax(140px, 1fr)',
    sortBy: (row) => row.address,
    cell: (row) => (row.address === null ? absent : <Mono>{row.address}</Mono>),
  },
  {
    id: 'direction',
    name: 'Direction',
    width: '88px',
    sortBy: (row) => row.direction,
    cell: (row) => row.direction ?? absent,
  },
  {
    id: 'chains',
    name: 'What it does',
    width: 'minmax(280px, 3fr)',
    cell: (row) => {
      const [first] = row.chains
      const more = row.chains.length - 1
      if (!first) return absent
      return (
        <span title={row.chains.map((chain) => `${chain.match}: ${chain.action}`).join('\n')}>
          {first.match === 'everything' ? '' : `${first.match}: `}
          {first.action}
          {more > 0 ? <span className={plain.quiet}> and {more} more</span> : null}
        </span>
      )
    },
  },
  {
    id: 'state',
    name: 'State',
    width: '90px',
    sortBy: (row) => (row.error === null ? row.origin : ' rejected'),
    cell: (row) =>
      row.error === null ? (
        row.origin
      ) : (
        <span className={classes.bad} title={row.error}>
          rejected
        </span>
      ),
  },
]

export const ROUTE_COLUMNS: Column<ProxyRoute>[] = [
  {
    id: 'config',
    name: 'Route',
    width: '110px',
    sortBy: (row) => row.config,
    cell: (row) => <Mono>{row.config}</Mono>,
  },
  {
    id: 'host',
    name: 'For hosts',
    width: 'minmax(200px, 1.6fr)',
    sortBy: (row) => row.virtualHost,
    cell: (row) => (
      <span className={classes.mono} title={row.domains.join(', ')}>
        {row.virtualHost}
      </span>
    ),
  },
  {
    id: 'match',
    name: 'Matches',
    width: 'minmax(160px, 1.2fr)',
    sortBy: (row) => row.match,
    cell: (row) => <span title={row.match}>{row.match}</span>,
  },
  {
    id: 'action',
    name: 'Then',
    width: 'minmax(240px, 2fr)',
    sortBy: (row) => row.action,
    cell: (row) => (
      <span className={classes.mono} title={row.action}>
        {withShortClusters(row.action)}
      </span>
    ),
  },
  {
    id: 'timeout',
    name: 'Timeout',
    width: '80px',
    align: 'right',
    sortBy: (row) => row.timeoutMs,
    cell: (row) =>
      row.timeoutMs === null ? (
        absent
      ) : row.timeoutMs === 0 ? (
        <span className={plain.quiet}>none</span>
      ) : (
        formatDuration(row.timeoutMs)
      ),
  },
]

const ICON = { healthy: 'healthy', unhealthy: 'failing', degraded: 'degraded', unknown: 'unknown' } as const
const BADNESS = { unhealthy: 0, degraded: 1, unknown: 2, healthy: 3 } as const

export const ENDPOINT_COLUMNS: Column<ProxyEndpoint>[] = [
  {
    id: 'address',
    name: 'Endpoint',
    width: 'minmax(170px, 1fr)',
    sortBy: (row) => row.address,
    cell: (row) => <Mono>{row.address}</Mono>,
  },
  {
    id: 'cluster',
    name: 'Of cluster',
    width: 'minmax(260px, 2.4fr)',
    sortBy: (row) => row.cluster,
    cell: (row) => <Mono>{row.cluster}</Mono>,
  },
  {
    id: 'health',
    name: 'Health',
    width: 'minmax(150px, 1.2fr)',
    sortBy: (row) => BADNESS[row.health],
    cell: (row) => (
      <span className={plain.row} title={row.reason ?? row.health}>
        <HealthIcon status={ICON[row.health]} size={14} />
        <span className={plain.grow}>{row.reason ?? row.health}</span>
      </span>
    ),
  },
  {
    id: 'requests',
    name: 'Requests sent',
    meaning: 'By this proxy, since it knows the endpoint',
    width: '116px',
    align: 'right',
    sortBy: (row) => row.requests,
    cell: (row) => (row.requests === null ? absent : row.requests.toLocaleString('en')),
  },
  {
    id: 'errors',
    name: 'Failed',
    width: '80px',
    align: 'right',
    sortBy: (row) => row.errors,
    cell: (row) => (row.errors === null ? absent : row.errors.toLocaleString('en')),
  },
  {
    id: 'locality',
    name: 'Where',
    width: 'minmax(110px, 0.9fr)',
    sortBy: (row) => row.locality,
    cell: (row) => row.locality ?? absent,
  },
]
