'use client'

import { Button, Select, Tooltip } from '@mantine/core'
import { useState } from 'react'
import { asFields, asList, getAt } from '@/lib/istio/edit/fields'
import { readForm } from '@/lib/istio/edit/form'
import { breakerForm } from '@/lib/istio/edit/policy/breaker'
import { POLICY_PRESETS, policyAt, policyPath, withPolicy, type PolicyScope } from '@/lib/istio/edit/presets'
import { policyWords } from '@/lib/istio/edit/words'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { Part, Row } from '../fields/Part'
import { useProblemsAt } from '../fields/shown-problems'
import classes from '../Routing.module.css'
import { BalancingPart } from './BalancingPart'
import { ConnectionsPart, OutlierPart } from './BreakerParts'
import { SubsetsPart } from './SubsetsPart'

interface Props {
  object: ConfigObject
  onChange: (object: ConfigObject) => void
}

/** A destination rule: circuit breaking and load balancing, of all versions or of one, and the versions themselves. */
export function PolicyForm({ object, onChange }: Props) {
  const [chosen, setChosen] = useState('all')
  const subsets = asList(getAt(object, ['spec', 'subsets'])).map(asFields)
  const index = chosen === 'all' ? -1 : Number(chosen)
  const scope: PolicyScope = subsets[index] ? { of: 'subset', index } : { of: 'all' }
  const policy = policyAt(object, scope)
  const at = policyPath(scope)
  const props = {
    part: policy,
    at,
    onChange: (next: typeof policy) => onChange(withPolicy(object, scope, next)),
  }
  const words = policyWords(policy)
  const of = (pattern: RegExp) => words.filter((clause) => pattern.test(clause)).join(', ')
  const ejects = of(/^ejects/)
  const limits = of(/^(at most|connects|idle connections)/)
  const balances = words
    .filter((clause) => clause !== ejects && !limits.split(', ').includes(clause))
    .join(', ')
  const problems = {
    pool: Boolean(useProblemsAt([...at, 'connectionPool']).error),
    outlier: Boolean(useProblemsAt([...at, 'outlierDetection']).error),
    balancer: Boolean(useProblemsAt([...at, 'loadBalancer']).error),
  }
  const { isReadOnly } = useProblemsAt([])
  const preset = scope.of === 'all' ? 'not set' : 'as for all versions'
  return (
    <>
      {subsets.length > 0 ? (
        <Row label="Whose policy">
          <Select
            size="xs"
            w={220}
            label="Policy of"
            allowDeselect={false}
            value={scope.of === 'all' ? 'all' : String(index)}
            onChange={(value) => setChosen(value ?? 'all')}
            data={[
              { value: 'all', label: 'All versions' },
              ...subsets.map(({ name }, place) => ({
                value: String(place),
                label: `Subset ${String(name)}`,
              })),
            ]}
          />
          <span className={classes.quiet}>
            {scope.of === 'all'
              ? 'Subsets have it too, but for what they set themselves.'
              : 'Only what differs from all versions.'}
          </span>
        </Row>
      ) : null}
      {isReadOnly ? null : (
        <div style={{ margin: '10px 0' }}>
          <Row label="Presets">
            {POLICY_PRESETS.map(({ id, label, meaning, apply }) => (
              <Tooltip key={id} label={meaning}>
                <Button size="compact-xs" variant="default" onClick={() => props.onChange(apply(policy))}>
                  {label}
                </Button>
              </Tooltip>
            ))}
          </Row>
        </div>
      )}
      <div className={classes.rule} key={at.join('.')}>
        <Part
          title="Ejecting endpoints"
          words={ejects || preset}
          isSet={readForm(breakerForm, policy).outlier !== null}
          hasProblem={problems.outlier}
        >
          <OutlierPart {...props} />
        </Part>
        <Part
          title="Connection pool"
          words={limits || preset}
          isSet={limits !== ''}
          hasProblem={problems.pool}
        >
          <ConnectionsPart {...props} />
        </Part>
        <Part
          title="Load balancing"
          words={balances || preset}
          isSet={balances !== ''}
          hasProblem={problems.balancer}
        >
          <BalancingPart {...props} />
        </Part>
      </div>
      <SubsetsPart object={object} onChange={onChange} />
    </>
  )
}
