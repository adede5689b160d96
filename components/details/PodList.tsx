'use client'

import { useNow } from '@/components/hooks/use-now'
import { HealthIcon } from '@/components/ui/Health'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import type { PodSummary } from '@/lib/api/schemas/lists'
import { formatAge } from '@/lib/units/duration'

export function PodList({ pods }: { pods: readonly PodSummary[] | null }) {
  const now = useNow()
  const ready = pods?.filter((pod) => pod.ready).length ?? 0
  return (
    <Section title="Pods" aside={pods && pods.length > 0 ? `${ready} of ${pods.length} ready` : null}>
      {pods === null ? <p className={plain.note}>Not known without the Kubernetes API.</p> : null}
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
            {pods.map((pod) => (
              <tr key={pod.name}>
                <td className={plain.name}>
                  <span className={plain.row}>
                    <HealthIcon status={pod.ready ? 'healthy' : 'degraded'} size={14} />
                    <span className={plain.grow} title={pod.name}>
                      {pod.name}
                    </span>
                  </span>
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
    </Section>
  )
}

function troubleOf(pod: PodSummary): string[] {
  const words = pod.containers
    .filter((container) => !container.ready || container.reason !== null)
    .map((container) => `${container.name}: ${container.reason ?? 'not ready'}`)
  return pod.phase === 'Running' || pod.phase === 'Succeeded' ? words : [pod.phase, ...words]
}
