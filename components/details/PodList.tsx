'use client'

import { ObjectsUnknown } from '@/components/layout/ObjectsUnknown'
import { useState } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { HealthIcon } from '@/components/ui/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { PodSummary } from '@/lib/api/schemas/lists'
import { formatAge } from '@/lib/units/duration'

const FIRST = 20

/** Pods with what is wrong with them; `isWide` adds where each runs and whether a proxy stands beside it. */
export function PodList({ pods, isWide = false }: { pods: readonly PodSummary[] | null; isWide?: boolean }) {
  const now = useNow()
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? pods : pods?.toSorted(worstFirst).slice(0, FIRST)
  const ready = pods?.filter((pod) => pod.ready).length ?? 0
  return (
    <Section title="Pods" aside={pods && pods.length > 0 ? `${ready} of ${pods.length} ready` : null}>
      {pods === null ? <ObjectsUnknown /> : null}
      {pods?.length === 0 ? <p className={plain.note}>No pods.</p> : null}
      {pods && pods.length > 0 ? (
        <table className={plain.table}>
          <thead>
            <tr>
              <th>Pod</th>
              <th>Restarts</th>
              <th>Age</th>
            </tr>
          </thead>
          <tbody>
            {shown?.map((pod) => (
              <tr key={pod.name}>
                <td className={plain.name}>
                  <span className={plain.row}>
                    <HealthIcon status={pod.ready ? 'healthy' : 'degraded'} size={14} />
                    <span className={plain.grow} title={pod.name}>
                      {pod.name}
                    </span>
                  </span>
                  {isWide ? <div className={`${plain.quiet} ${plain.wrap}`}>{placeOf(pod)}</div> : null}
                  {troubleOf(pod).map((words) => (
                    <div key={words} className={plain.quiet}>
                      {words}
                    </div>
                  ))}
                </td>
                <td className="num">{pod.restarts}</td>
                <td className="num">{pod.startedAt === null ? '–' : formatAge(now - pod.startedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {pods && shown && shown.length < pods.length ? (
        <button type="button" className={plain.linkish} onClick={() => setWhole(true)}>
          Show all {pods.length}
        </button>
      ) : null}
    </Section>
  )
}

function placeOf(pod: PodSummary): string {
  const ready = pod.containers.filter((container) => container.ready).length
  return [
    `${ready} of ${pod.containers.length} containers ready`,
    pod.hasSidecar ? 'sidecar' : 'no sidecar',
    pod.node ? `on ${pod.node}` : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}

function worstFirst(a: PodSummary, b: PodSummary): number {
  return Number(a.ready) - Number(b.ready) || b.restarts - a.restarts || (a.name < b.name ? -1 : 1)
}

function troubleOf(pod: PodSummary): string[] {
  const words = pod.containers
    .filter((container) => !container.ready || container.reason !== null)
    .map((container) => `${container.name}: ${container.reason ?? 'not ready'}`)
  return pod.phase === 'Running' || pod.phase === 'Succeeded' ? words : [pod.phase, ...words]
}
