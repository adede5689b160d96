import { PageLink as Link } from '@/components/layout/PageLink'
import { Figure } from '@/components/ui/Figure'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { OverviewCluster } from '@/lib/api/schemas/mesh/overview'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Overview.module.css'
import { Sparkline } from './Sparkline'
import { StatusBar } from './StatusBar'

/** A cluster in one line: how much, how well, how safe. */
export function ClusterBand({ cluster, scope }: { cluster: OverviewCluster; scope: Scope }) {
  const errors = cluster.errorRatio ?? 0
  const tone = (cluster.counts.failing ?? 0) > 0 ? 'failing' : 'degraded'
  const isBad = errors > 0 && (cluster.counts.failing ?? 0) + (cluster.counts.degraded ?? 0) > 0
  const modes = cluster.mtlsModes
  return (
    <section className={classes.band} aria-label={`Cluster ${cluster.name}`}>
      <div className={classes.bandName}>
        <h2>{cluster.name}</h2>
        <span className={classes.quiet}>
          {cluster.namespaces} {cluster.namespaces === 1 ? 'namespace' : 'namespaces'}
        </span>
      </div>
      <div className={classes.bandTraffic}>
        <Tile label="Requests" value={formatRate(cluster.requestsPerSecond)} />
        <div className={classes.bandSpark}>
          <Sparkline hour={cluster.hour} height={34} />
        </div>
      </div>
      <Tile label="Errors" value={formatRatio(cluster.errorRatio)} {...(isBad ? { tone } : {})} />
      <Tile label="P99" value={formatDuration(cluster.p99Ms)} why={NOT_JOINED} />
      <div className={classes.tile}>
        <span>Workloads</span>
        <StatusBar counts={cluster.counts} noun="workloads" />
      </div>
      <div className={classes.tile}>
        <span>Mutual TLS</span>
        <b>
          <Figure text={formatRatio(cluster.mtlsRatio)} why={NOT_JOINED} />
        </b>
        {modes ? (
          <Link prefetch={false} href={pagePaths.mtls(scope)} className={classes.sub}>
            {[
              modes.STRICT ? `${modes.STRICT} strict` : null,
              modes.PERMISSIVE ? `${modes.PERMISSIVE} permissive` : null,
              modes.DISABLE ? `${modes.DISABLE} off` : null,
            ]
              .filter(Boolean)
              .join(', ') || 'no namespace in the mesh'}
          </Link>
        ) : null}
      </div>
    </section>
  )
}

/** Quantiles and shares of some namespaces cannot be put together from those of each. */
const NOT_JOINED = 'Not measured, or known of each namespace alone'

function Tile({ label, value, tone, why }: { label: string; value: string; tone?: string; why?: string }) {
  return (
    <div className={classes.tile}>
      <span>{label}</span>
      <b>
        <Figure text={value} {...(tone ? { tone } : {})} {...(why ? { why } : {})} />
      </b>
    </div>
  )
}
