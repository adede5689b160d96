'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Page } from '@/components/ui/Page'
import { pagePaths } from '@/lib/api/paths'
import { WhenClustersKnown } from '../ClusterChoice'
import edit from '../edit/Edit.module.css'

const CreateText = dynamic(() => import('./CreateText'), {
  ssr: false,
  loading: () => <Waiting />,
})

/** New objects, from a template filled in or from YAML pasted, given to the review together. */
export function CreatePage() {
  return (
    <Page title="New objects" above={<Link href={pagePaths.config()}>Configuration</Link>}>
      <div className={edit.body}>
        <div className={edit.card}>
          <WhenClustersKnown waiting={<Waiting />}>
            <CreateText />
          </WhenClustersKnown>
        </div>
      </div>
    </Page>
  )
}

function Waiting() {
  return (
    <div role="status" aria-label="Loading" aria-busy style={{ padding: 16 }}>
      <Skeleton height={360} radius="sm" />
    </div>
  )
}
