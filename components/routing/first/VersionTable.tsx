'use client'

import { Checkbox } from '@mantine/core'
import { CopyButton } from '@/components/ui/CopyButton'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import { contentYaml } from '@/lib/changes/text/content-yaml'
import { versionService } from '@/lib/istio/edit/split/first-split'
import classes from '../Routing.module.css'
import { whyNotIn, withVersion, type SplitPlan } from './split-plan'

/** The versions observed among a service's pods, and which of them take part. */
export function VersionTable({
  plan,
  targets,
  onChange,
}: {
  plan: SplitPlan
  targets: SplitTargets
  onChange: (plan: SplitPlan) => void
}) {
  return (
    <table className={classes.versions}>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Pods</th>
          <th scope="col">{plan.api === 'istio' ? 'Subset' : 'Service'}</th>
        </tr>
      </thead>
      <tbody>
        {targets.versions.map((version) => {
          const { name, workloads, pods, subset, service, labels } = version
          const why = whyNotIn(version, plan.api)
          const told = Object.entries(labels)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ')
          return (
            <tr key={name}>
              <th scope="row">
                <Checkbox
                  size="xs"
                  label={name}
                  description={workloads.join(', ')}
                  checked={why === null && plan.chosen.includes(name)}
                  disabled={why !== null}
                  onChange={(event) =>
                    onChange(withVersion(plan, targets, name, event.currentTarget.checked))
                  }
                />
              </th>
              <td className="num">
                {pods.ready} of {pods.total} ready
              </td>
              <td>
                {why !== null ? (
                  <>
                    <span className={classes.quiet}>{why}</span>{' '}
                    {plan.api === 'gateway' && told !== '' ? (
                      <CopyButton
                        text={contentYaml(versionService(targets, version, targets.ports))}
                        label="Copy the YAML of a service for it"
                      />
                    ) : null}
                  </>
                ) : plan.api === 'gateway' ? (
                  service
                ) : (
                  (subset ?? <span className={classes.quiet}>new, for {told}</span>)
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
