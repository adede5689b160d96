'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { WhenClustersKnown } from '@/components/config/ClusterChoice'
import { Page } from '@/components/ui/Page'
import { pagePaths } from '@/lib/api/paths'
import classes from '../Checks.module.css'

const AnalyzeText = dynamic(() => import('./AnalyzeText'), {
  ssr: false,
  loading: () => <Waiting />,
})

/** YAML that is not in the cluster, checked: against what is there, or by itself. */
export function AnalyzePage() {
  return (
    <Page title="Analyze YAML" above={<Link href={pagePaths.checks()}>All checks</Link>}>
      <div className={classes.body}>
        <div className={classes.article}>
          <WhenClustersKnown waiting={<Waiting />}>
            <AnalyzeText />
          </WhenClustersKnown>
        </div>
      </div>
    </Page>
  )
}

function Waiting() {
  return (
    <div className={classes.waiting} role="status" aria-label="Loading" aria-busy>
      <Skeleton height={360} radius="sm" />
    </div>
  )
}
