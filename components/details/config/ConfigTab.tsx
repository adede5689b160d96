'use client'

import { useQuery } from '@tanstack/react-query'
import { useNarrow } from '@/components/hooks/use-narrow'
import { queries } from '@/lib/api/queries'
import { NodeFindings } from '@/components/checks/NodeFindings'
import { ConfigList } from '../ConfigList'
import classes from '../Details.module.css'
import type { TabProps } from '../tabs'
import { EffectiveRouting } from './EffectiveRouting'

/** The objects that have a say in what happens here, and what comes of them. */
export default function ConfigTab({ detail, scope }: TabProps) {
  const { id, cluster } = detail.item
  const isNarrow = useNarrow(1180)
  const { isLoading } = useQuery(queries.effectiveRouting(id))
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <div className={classes.card}>
          <EffectiveRouting id={id} cluster={cluster} isPast={scope.at != null} />
        </div>
      </div>
      {/* in one column it stands below a text whose length is not known before */}
      {isNarrow && isLoading ? null : (
        <div className={classes.side}>
          <div className={classes.card}>
            <ConfigList node={id} cluster={cluster} config={detail.config} unread={detail.unread} />
          </div>
          <div className={classes.card}>
            <NodeFindings node={detail.item} />
          </div>
        </div>
      )}
    </div>
  )
}
