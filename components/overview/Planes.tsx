import { PageLink as Link } from '@/components/layout/PageLink'
import type { ReactNode } from 'react'
import { Figure } from '@/components/ui/Figure'
import { HealthBadge } from '@/components/ui/health/Health'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths, type Scope } from '@/lib/api/paths'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { ControlPlane, DataPlane, OverviewCluster } from '@/lib/api/schemas/mesh/overview'
import { formatDuration } from '@/lib/units/duration'
import { ABSENT } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { BehindFact, BehindRemark } from './BehindFact'
import classes from './Overview.module.css'
import { Panel } from './Panel'

const NOT_SCRAPED = 'Not measured: is istiod scraped?'

/** Istiod and the proxies of each cluster. */
export function Planes({ clusters, scope }: { clusters: readonly OverviewCluster[]; scope: Scope }) {
  const several = clusters.length > 1
  return (
    <>
      {clusters.map(({ name, controlPlane, dataPlane }) => (
        <div key={name} className={classes.planes}>
          {controlPlane ? (
            <PlanePanel
              title="Control plane"
              where={several ? name : null}
              {...controlPlane}
              isMeasured={controlPlane.connectedProxies !== null}
            >
              <ControlPlaneFacts plane={controlPlane} scope={scope} />
            </PlanePanel>
          ) : null}
          {dataPlane ? (
            <PlanePanel
              title="Data plane"
              where={several ? name : null}
              {...dataPlane}
              remark={scope.at == null ? <BehindRemark cluster={name} /> : null}
            >
              <DataPlaneFacts plane={dataPlane} scope={scope} cluster={name} />
            </PlanePanel>
          ) : null}
        </div>
      ))}
    </>
  )
}

function PlanePanel({
  title,
  where,
  status,
  reasons,
  isMeasured = true,
  remark = null,
  children,
}: {
  title: string
  where: string | null
  status: HealthStatus
  reasons: readonly string[]
  /** false: its pods run, and no more is known */
  isMeasured?: boolean
  /** said in place of `well` */
  remark?: ReactNode
  children: ReactNode
}) {
  const name = where === null ? title : `${title} of ${where}`
  return (
    <Panel
      name={name}
      state={
        status === 'healthy' ? (
          <span className={classes.quiet}>{remark ?? (isMeasured ? 'well' : 'runs; not measured')}</span>
        ) : (
          <HealthBadge status={status} />
        )
      }
    >
      {reasons.length > 0 ? (
        <ul className={classes.reasons}>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      ) : null}
      <dl className={classes.pairs}>{children}</dl>
    </Panel>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function ControlPlaneFacts({ plane, scope }: { plane: ControlPlane; scope: Scope }) {
  return (
    <>
      {plane.istiods.map((istiod) => (
        <Fact
          key={istiod.id}
          name={plane.istiods.length > 1 ? `${istiod.namespace}/${istiod.name}` : 'Istiod'}
        >
          <Link
            prefetch={false}
            className={plain.linkish}
            href={pagePaths.findNode(istiod.id, { window: scope.window, at: scope.at }) ?? ''}
          >
            {istiod.version ?? 'version not known'}
          </Link>
          <span className={`num ${classes.quiet}`}>
            {istiod.replicas ? `, ${istiod.replicas.available} of ${istiod.replicas.desired} replicas` : ''}
          </span>
        </Fact>
      ))}
      <Fact name="Proxies connected">
        <Figure
          text={plane.connectedProxies === null ? ABSENT : String(plane.connectedProxies)}
          why={NOT_SCRAPED}
        />
      </Fact>
      <Fact name="A push takes (P99)">
        <Figure
          text={formatDuration(plane.pushP99Ms)}
          why={plane.pushesPerSecond === null ? NOT_SCRAPED : 'Nothing was pushed in the last 5 min'}
        />
      </Fact>
      <Fact name="Refused by proxies">
        <Figure text={formatRate(plane.rejectsPerSecond)} why={NOT_SCRAPED} />
      </Fact>
    </>
  )
}

function DataPlaneFacts({ plane, scope, cluster }: { plane: DataPlane; scope: Scope; cluster: string }) {
  const [first] = plane.missingSidecars
  return (
    <>
      {plane.versions.map(({ version, proxies }) => (
        <Fact key={version} name={`Proxies ${version}`}>
          <span className="num">{proxies}</span>
        </Fact>
      ))}
      <Fact name="Not connected to istiod">
        <Figure text={plane.notConnected === null ? ABSENT : String(plane.notConnected)} why={NOT_SCRAPED} />
      </Fact>
      {scope.at == null ? <BehindFact cluster={cluster} /> : null}
      <Fact name="Missing sidecars">
        {first ? (
          <Link
            prefetch={false}
            className={plain.linkish}
            href={
              plane.missingSidecars.length === 1
                ? (pagePaths.findNode(first, { window: scope.window, at: scope.at }) ?? '')
                : pagePaths.items('workloads', scope)
            }
          >
            {plane.missingSidecars.length === 1
              ? (first.split('/').at(-1) ?? first)
              : `${plane.missingSidecars.length} workloads`}
          </Link>
        ) : (
          <span className="num">0</span>
        )}
      </Fact>
      {plane.ztunnel || plane.ambientPods > 0 ? (
        <Fact name="Ambient">
          <span className="num">
            {plane.ambientPods} pods
            {plane.ztunnel ? `, ztunnel on ${plane.ztunnel.available} of ${plane.ztunnel.desired} nodes` : ''}
          </span>
        </Fact>
      ) : null}
    </>
  )
}
