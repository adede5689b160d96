'use client'

import { balancingForm, type Balancer } from '@/lib/istio/edit/policy/balancing'
import { ChoiceField, DurationField, TextField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'

const KINDS: readonly { value: Balancer['kind']; label: string }[] = [
  { value: '', label: 'As the mesh has it' },
  { value: 'LEAST_REQUEST', label: 'Least requests first' },
  { value: 'ROUND_ROBIN', label: 'Round robin' },
  { value: 'RANDOM', label: 'Random' },
  { value: 'PASSTHROUGH', label: 'The address asked for' },
  { value: 'header', label: 'One endpoint per header value' },
  { value: 'cookie', label: 'One endpoint per cookie' },
  { value: 'queryParam', label: 'One endpoint per query parameter' },
  { value: 'sourceIp', label: 'One endpoint per caller address' },
]

const LOCALITY = [
  { value: 'unset', label: 'As the mesh has it' },
  { value: 'on', label: 'Nearest first' },
  { value: 'off', label: 'Regardless of locality' },
] as const

/** How requests are spread over endpoints. */
export function BalancingPart(props: PartProps) {
  const { values, set, pathOf } = useBound(balancingForm, props)
  const { balancer, warmup, isLocalFirst } = values
  const isNamed = balancer.kind === 'header' || balancer.kind === 'cookie' || balancer.kind === 'queryParam'
  return (
    <>
      <Row label="Balancing">
        <ChoiceField
          label="Endpoints are chosen"
          width={230}
          path={pathOf('balancer')}
          value={balancer.kind}
          options={
            balancer.kind === 'other'
              ? [...KINDS, { value: 'other', label: 'Another way (see the YAML)' }]
              : KINDS
          }
          onChange={(kind) =>
            set('balancer', {
              ...balancer,
              kind,
              name: balancer.name || (kind === 'cookie' ? 'user' : 'x-user'),
            })
          }
        />
        {isNamed ? (
          <TextField
            label="Name"
            width={130}
            path={[]}
            value={balancer.name}
            onChange={(name) => set('balancer', { ...balancer, name })}
          />
        ) : null}
        {balancer.kind === 'cookie' ? (
          <>
            <DurationField
              label="Life of the cookie"
              path={[]}
              hint="0s: of the session"
              value={balancer.ttl}
              onChange={(ttl) => set('balancer', { ...balancer, ttl })}
            />
            <TextField
              label="Path of the cookie"
              width={130}
              path={[]}
              value={balancer.path}
              onChange={(path) => set('balancer', { ...balancer, path })}
            />
          </>
        ) : null}
      </Row>
      <Row label="Warm-up and locality">
        <DurationField
          label="Warm new endpoints up for"
          path={pathOf('warmup')}
          value={warmup}
          onChange={(value) => set('warmup', value)}
        />
        <ChoiceField
          label="Locality"
          path={pathOf('isLocalFirst')}
          value={isLocalFirst === null ? 'unset' : isLocalFirst ? 'on' : 'off'}
          options={LOCALITY}
          onChange={(value) => set('isLocalFirst', value === 'unset' ? null : value === 'on')}
        />
      </Row>
    </>
  )
}
