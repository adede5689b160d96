import { IconAlertTriangle, IconCircleCheck, IconHelp } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { SYNC_STATES } from '@/components/details/proxy/sync-states'
import { HealthIcon } from '@/components/ui/health/Health'
import type { Column } from '@/components/ui/table/DataTable'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths } from '@/lib/api/paths'
import type { ListedProxy } from '@/lib/api/schemas/telemetry/proxy'
import { formatDate } from '@/lib/units/date'
import { formatAge } from '@/lib/units/duration'
import { ABSENT } from '@/lib/units/number'
import classes from './Namespace.module.css'
import { behindOf, certificateState, isOtherVersion, syncWord, type SyncWord } from './proxy-words'

const TYPES = [
  { short: 'CDS', what: 'clusters' },
  { short: 'LDS', what: 'listeners' },
  { short: 'RDS', what: 'routes' },
  { short: 'EDS', what: 'endpoints' },
  { short: 'ECDS', what: 'extensions' },
] as const

/** Worst first. */
const ORDER: Record<SyncWord, number> = { 'not connected': 0, behind: 1, 'not known': 2, 'in sync': 3 }

/** What the table of a namespace's proxies shows; `istiod`: its versions in that cluster. */
export function proxyColumns(istiod: readonly string[], now: number): Column<ListedProxy>[] {
  return [
    {
      id: 'pod',
      name: 'Pod',
      width: 'minmax(236px, 2.6fr)',
      isFixed: true,
      sortBy: (row) => row.pod,
      cell: (row) => (
        <span className={plain.row}>
          <HealthIcon status={row.ready ? 'healthy' : 'degraded'} size={14} />
          {row.node === null ? (
            <span title={row.pod}>{row.pod}</span>
          ) : (
            <Link
              href={pagePaths.findProxy(row.node, row.pod)}
              prefetch={false}
              className={plain.linkish}
              title={row.pod}
            >
              {row.pod}
            </Link>
          )}
        </span>
      ),
    },
    {
      id: 'workload',
      name: 'Workload',
      width: 'minmax(130px, 1.2fr)',
      sortBy: (row) => row.workload,
      cell: (row) => {
        const page = row.node === null ? undefined : pagePaths.findNode(row.node)
        return page === undefined ? (
          ABSENT
        ) : (
          <Link href={page} prefetch={false} className={plain.linkish}>
            {row.workload}
          </Link>
        )
      },
    },
    {
      id: 'version',
      name: 'Version',
      meaning: 'Of the proxy. Marked where no istiod of the cluster has the same',
      width: 'minmax(84px, 0.7fr)',
      sortBy: (row) => row.version,
      cell: (row) =>
        isOtherVersion(row, istiod) ? (
          <span className={classes.warn} title={`istiod is ${istiod.join(', ')}`}>
            <IconAlertTriangle size={13} aria-hidden /> {row.version}
          </span>
        ) : (
          (row.version ?? ABSENT)
        ),
    },
    {
      id: 'state',
      name: 'Agreement with istiod',
      meaning: 'Whether the proxy runs what istiod sent last',
      width: 'minmax(150px, 1.2fr)',
      sortBy: (row) => ORDER[syncWord(row)],
      cell: (row) => <Agreement row={row} />,
      copy: { value: (row) => syncWord(row) },
    },
    {
      id: 'certificate',
      name: 'Certificate ends in',
      meaning:
        'Of its workload certificate, as its agent measures it (istio_agent_cert_expiry_seconds); it is renewed at half of its life',
      width: '140px',
      align: 'right',
      sortBy: (row) => row.certificateExpiresAt,
      cell: (row) => <Certificate row={row} now={now} />,
    },
    ...TYPES.map(({ short, what }): Column<ListedProxy> => ({
      id: short,
      name: short,
      meaning: `Whether the proxy runs the ${what} that istiod sent last`,
      width: '52px',
      sortBy: (row) => row.sync?.types.find((one) => one.short === short)?.state ?? null,
      cell: (row) => <TypeState row={row} short={short} />,
      copy: { value: (row) => row.sync?.types.find((one) => one.short === short)?.state ?? null },
    })),
    {
      id: 'istiod',
      name: 'Connected to',
      meaning: 'The replica of istiod that sends its configuration',
      width: 'minmax(150px, 1.2fr)',
      sortBy: (row) => row.sync?.istiod ?? null,
      cell: (row) => <span title={row.sync?.istiod ?? undefined}>{row.sync?.istiod ?? ABSENT}</span>,
    },
  ]
}

function Agreement({ row }: { row: ListedProxy }) {
  const word = syncWord(row)
  const Icon = word === 'in sync' ? IconCircleCheck : word === 'not known' ? IconHelp : IconAlertTriangle
  const behind = behindOf(row)
  return (
    <span
      className={word === 'in sync' || word === 'not known' ? classes.state : classes.warn}
      data-state={word === 'in sync' ? 'synced' : undefined}
      title={
        word === 'not connected'
          ? 'No replica of istiod that answered knows this proxy: it runs what it got last.'
          : undefined
      }
    >
      <Icon size={14} aria-hidden /> {word}
      {behind.length > 0 ? ` in ${behind.join(', ')}` : ''}
    </span>
  )
}

function TypeState({ row, short }: { row: ListedProxy; short: string }) {
  const one = row.sync?.types.find((type) => type.short === short)
  if (!one) return ABSENT
  const { words, Icon } = SYNC_STATES[one.state]
  return (
    <span className={classes.state} data-state={one.state} title={one.words}>
      <Icon size={15} role="img" aria-label={`${short} ${words}`} />
    </span>
  )
}

function Certificate({ row, now }: { row: ListedProxy; now: number }) {
  const state = certificateState(row, now)
  if (state === null) return <span title="Its agent’s metric is not in Prometheus">{ABSENT}</span>
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const title = `${formatDate(row.certificateExpiresAt, { timeZone })} ${timeZone}`
  if (state === 'ended') {
    return (
      <b className={classes.bad} title={title}>
        ended
      </b>
    )
  }
  return (
    <span className={state === 'soon' ? classes.warn : undefined} title={title}>
      {formatAge((row.certificateExpiresAt ?? now) - now)}
      {state === 'soon' ? ', not renewed' : ''}
    </span>
  )
}
