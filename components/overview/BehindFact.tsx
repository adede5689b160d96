'use client'

import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Figure } from '@/components/ui/Figure'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { ProxiesBehind } from '@/lib/api/schemas/telemetry/proxy'
import { syncKindWords } from '@/lib/mesh/sync-kinds'
import { ABSENT } from '@/lib/units/number'
import classes from './Overview.module.css'

/** Every replica of istiod is asked for all of its proxies: once a minute is enough. */
const ASK_MS = 60_000
const NAMED = 2

type Cluster = ProxiesBehind['clusters'][number]

function useBehind(cluster: string) {
  const { data } = useQuery({ ...queries.proxiesBehind(), refetchInterval: ASK_MS })
  const own = data?.clusters.find((one) => one.cluster === cluster)
  const count = own && own.proxies !== null ? own.behind.length + own.more : null
  return { own, count, isAsked: data !== undefined }
}

/** What is to be said of a data plane of which nothing else is wrong. */
export function BehindRemark({ cluster }: { cluster: string }) {
  const { count } = useBehind(cluster)
  return count === null || count === 0 ? 'well' : `runs; ${count} behind istiod`
}

/** How many proxies of a cluster do not run what istiod sent last, and the first of them. */
export function BehindFact({ cluster }: { cluster: string }) {
  const { own, count, isAsked } = useBehind(cluster)
  return (
    <div>
      <dt>Behind istiod</dt>
      <dd>
        {count === null || own === undefined || count === 0 ? (
          <Figure
            text={count === null ? ABSENT : '0'}
            why={isAsked ? whyNot(own) : 'Istiod is being asked'}
          />
        ) : (
          <>
            {own.behind.slice(0, NAMED).map(({ node, pod, kinds }) => (
              <div key={pod}>
                <IconAlertTriangle size={13} aria-hidden className={classes.behind} />{' '}
                {node === null ? (
                  pod
                ) : (
                  <Link prefetch={false} className={plain.linkish} href={pagePaths.findProxy(node, pod)}>
                    {pod}
                  </Link>
                )}
                <div className={classes.quiet}>runs older {syncKindWords(kinds)}</div>
              </div>
            ))}
            {count > NAMED ? (
              <div className={classes.quiet}>
                and {count - NAMED} more of {own.proxies} proxies
              </div>
            ) : null}
          </>
        )}
      </dd>
    </div>
  )
}

function whyNot(own: Cluster | undefined): string {
  if (own?.missingRight) {
    const { verb, resource, namespace } = own.missingRight
    return `The account may not ${verb} ${resource} in namespace ${namespace}, where istiod runs`
  }
  return own ? 'No replica of istiod answered' : 'Not known: no istiod in this cluster'
}
