import { IconAlertTriangle } from '@tabler/icons-react'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Figure } from '@/components/ui/Figure'
import type { Split, SplitBackend } from '@/lib/api/schemas/config/splits'
import type { Scope } from '@/lib/api/paths'
import { pagePaths } from '@/lib/api/paths'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { Difference } from './Difference'
import classes from './Splits.module.css'
import { unknownPods, versionWords } from './words'

/** The destinations of a split side by side: what is wanted, configured and seen of each. */
export function BackendTable({ split, scope }: { split: Split; scope: Scope }) {
  const isHttp = split.route.protocol === 'http'
  const hasDesired = split.desired !== null
  return (
    <div className={classes.scroll}>
      <table className={classes.backends} data-desired={hasDesired || undefined}>
        <thead>
          <tr>
            <th scope="col">Destination</th>
            <th scope="col">Weight</th>
            {hasDesired ? (
              <th scope="col" title={`What ${split.desired?.tool} wants`}>
                Desired
              </th>
            ) : null}
            <th scope="col">Configured</th>
            <th scope="col">Observed</th>
            <th scope="col">{isHttp ? 'Requests' : 'Connections'}</th>
            {isHttp ? (
              <>
                <th scope="col">Errors</th>
                <th scope="col">P50</th>
                <th scope="col">P95</th>
                <th scope="col">P99</th>
              </>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {split.backends.map((backend, place) => (
            <tr key={`${backend.host} ${backend.subset} ${backend.port} ${place}`}>
              <th scope="row">
                <Destination
                  split={split}
                  backend={backend}
                  isBaseline={split.baseline?.place === place}
                  scope={scope}
                />
              </th>
              <td className="num">{backend.weight ?? <span className={classes.quiet}>not set</span>}</td>
              {hasDesired ? (
                <td>
                  <Figure text={formatRatio(backend.desiredShare)} why="The tool does not speak of it" />
                </td>
              ) : null}
              <td className="num">{formatRatio(backend.configuredShare)}</td>
              <td>
                <Observed backend={backend} />
              </td>
              <td>
                <Figure
                  text={formatRate(isHttp ? backend.requestsPerSecond : backend.connectionsPerSecond)}
                />
              </td>
              {isHttp ? (
                <>
                  <td>
                    <Figure
                      text={formatRatio(backend.errorRatio)}
                      {...((backend.errorRatio ?? 0) > 0 ? { tone: 'failing' } : {})}
                    />
                    {backend.comparison ? (
                      <Difference comparison={backend.comparison.errors} unit="ratio" />
                    ) : null}
                  </td>
                  {(['p50', 'p95', 'p99'] as const).map((quantile) => (
                    <td key={quantile}>
                      <Figure text={formatDuration(backend.latencyMs?.[quantile])} />
                      {backend.comparison ? (
                        <Difference comparison={backend.comparison[quantile]} unit="ms" />
                      ) : null}
                    </td>
                  ))}
                </>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Destination({
  split,
  backend,
  isBaseline,
  scope,
}: {
  split: Split
  backend: SplitBackend
  isBaseline: boolean
  scope: Scope
}) {
  const [workload] = backend.workloads ?? []
  const namespace = backend.host.split('.')[1] ?? ''
  const version = versionWords(backend)
  return (
    <span className={classes.destination}>
      <span className={classes.destinationName}>
        {workload && backend.workloads?.length === 1 ? (
          <Link
            prefetch={false}
            className={classes.link}
            href={pagePaths.item('workloads', { cluster: split.cluster, namespace, name: workload }, scope)}
          >
            {backend.name}
          </Link>
        ) : (
          backend.name
        )}
        {version ? <span className={classes.quiet}> {version}</span> : null}
        {isBaseline ? (
          <span className={classes.tag} title={`Baseline: ${split.baseline?.why}`}>
            baseline
          </span>
        ) : null}
      </span>
      <Behind backend={backend} />
    </span>
  )
}

/** What stands behind a destination, where that is a problem in words of warning. */
function Behind({ backend }: { backend: SplitBackend }) {
  if (backend.isSubsetDefined === false) {
    return <Warning>No DestinationRule defines this subset: what is sent here fails</Warning>
  }
  if (backend.pods === null) {
    const { words, why } = unknownPods(backend)
    return (
      <span className={classes.behind} title={why}>
        {words}
      </span>
    )
  }
  const { ready, total } = backend.pods
  if (ready === 0) return <Warning>{total === 0 ? 'No pods' : `0 of ${total} pods ready`}</Warning>
  const words = `${ready} of ${total} ${total === 1 ? 'pod' : 'pods'} ready`
  return ready < total ? <Warning>{words}</Warning> : <span className={classes.behind}>{words}</span>
}

function Warning({ children }: { children: React.ReactNode }) {
  return (
    <span className={classes.warning}>
      <IconAlertTriangle size={13} aria-hidden /> {children}
    </span>
  )
}

/** Observed share with a bar; the tick is where it is configured to be. */
function Observed({ backend }: { backend: SplitBackend }) {
  const { observedShare, configuredShare } = backend
  return (
    <span className={classes.observed}>
      <Figure
        text={formatRatio(observedShare)}
        why="No traffic, or it cannot be told from another destination"
      />
      <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
        <rect width="100" height="8" rx="1" className={classes.barGround} />
        {observedShare === null ? null : (
          <rect width={observedShare * 100} height="8" rx="1" className={classes.barValue} />
        )}
        <rect x={Math.max(0, configuredShare * 100 - 1)} width="2" height="8" className={classes.barTick} />
      </svg>
    </span>
  )
}
