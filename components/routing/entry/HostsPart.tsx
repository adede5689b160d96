'use client'

import { Button } from '@mantine/core'
import { asFields } from '@/lib/istio/edit/fields'
import { hostsForm, routeHostsForm } from '@/lib/istio/edit/entry/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { ChoiceField, NumberField, TextField, TextsField } from '../fields/fields'
import { Part, Row } from '../fields/Part'
import { useBound } from '../fields/use-bound'
import classes from '../Routing.module.css'
import { RemoveButton } from '../rule/DestinationsPart'

interface Props {
  object: ConfigObject
  onChange: (object: ConfigObject) => void
}

/** A form over a whole object. */
function wholeOf({ object, onChange }: Props) {
  return {
    part: asFields(object),
    at: [],
    // the forms change spec alone
    onChange: (next: unknown) => onChange(next as ConfigObject),
  }
}

/** For which hosts a virtual service speaks, and through which gateways. */
export function HostsPart(props: Props) {
  const { values, set, pathOf } = useBound(hostsForm, wholeOf(props))
  const gateways = values.gateways.length === 0 ? 'callers in the mesh' : values.gateways.join(', ')
  return (
    <div className={classes.rule}>
      <Part title="Hosts and gateways" words={`${values.hosts.join(', ')}, for ${gateways}`} isSet>
        <TextsField
          label="Hosts"
          hint="names callers ask for; *.example.com takes all below it"
          path={pathOf('hosts')}
          value={values.hosts}
          onChange={(hosts) => set('hosts', hosts)}
        />
        <TextsField
          label="Gateways"
          hint="namespace/name, and mesh for callers in the mesh; none: those alone"
          placeholder="mesh"
          path={pathOf('gateways')}
          value={values.gateways}
          onChange={(next) => set('gateways', next)}
        />
        <TextsField
          label="Seen from the namespaces"
          hint=". is its own, * is all; none: as the mesh has it"
          placeholder="*"
          path={pathOf('exportTo')}
          value={values.exportTo}
          onChange={(next) => set('exportTo', next)}
        />
      </Part>
    </div>
  )
}

const PARENTS = [
  { value: '', label: 'Gateway' },
  { value: 'Gateway', label: 'Gateway' },
  { value: 'Service', label: 'Service' },
] as const

/** For which host names a route speaks, and what it hangs on. `hasHosts` false: a kind that knows no names. */
export function RouteHostsPart({ hasHosts = true, ...props }: Props & { hasHosts?: boolean }) {
  const { values, set, pathOf } = useBound(routeHostsForm, wholeOf(props))
  const { hostnames, parents } = values
  return (
    <div className={classes.rule}>
      <Part
        title={hasHosts ? 'Hosts and parents' : 'Parents'}
        words={`${hasHosts ? `${hostnames.join(', ') || 'every host'} of ` : ''}${parents.map(({ kind, name }) => `${(kind || 'Gateway').toLowerCase()} ${name}`).join(', ')}`}
        isSet
      >
        {hasHosts ? (
          <TextsField
            label="Host names"
            hint="none: every host of its gateways"
            path={pathOf('hostnames')}
            value={hostnames}
            onChange={(next) => set('hostnames', next)}
          />
        ) : null}
        {parents.map((parent, place) => {
          const at = [...pathOf('parents'), place]
          const setOne = (next: Partial<typeof parent>) =>
            set('parents', parents.with(place, { ...parent, ...next }))
          return (
            <Row key={place} label={`Parent ${place + 1}`}>
              <ChoiceField
                label="Hangs on a"
                width={120}
                path={[...at, 'kind']}
                value={parent.kind}
                options={[
                  ...PARENTS.filter(({ value }) => (parent.kind === '' ? value !== 'Gateway' : value !== '')),
                  ...(PARENTS.some(({ value }) => value === parent.kind)
                    ? []
                    : [{ value: parent.kind, label: parent.kind }]),
                ]}
                onChange={(kind) => setOne({ kind })}
              />
              <TextField
                label="Name"
                path={[...at, 'name']}
                value={parent.name}
                onChange={(name) => setOne({ name })}
              />
              <TextField
                label="Namespace"
                width={130}
                path={[...at, 'namespace']}
                placeholder="its own"
                value={parent.namespace}
                onChange={(namespace) => setOne({ namespace })}
              />
              <TextField
                label="Listener"
                width={120}
                path={[...at, 'sectionName']}
                placeholder="every one"
                value={parent.sectionName}
                onChange={(sectionName) => setOne({ sectionName })}
              />
              <NumberField
                label="Port"
                width={90}
                path={[...at, 'port']}
                value={parent.port}
                onChange={(port) => setOne({ port })}
              />
              <RemoveButton
                name={`parent ${parent.name}`}
                isDisabled={parents.length === 1}
                onClick={() =>
                  set(
                    'parents',
                    parents.filter((_, each) => each !== place),
                  )
                }
              />
            </Row>
          )
        })}
        <div>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() =>
              set('parents', [
                ...parents,
                { origin: null, kind: 'Gateway', namespace: '', name: '', sectionName: '', port: null },
              ])
            }
          >
            Hang it on another gateway too
          </Button>
        </div>
      </Part>
    </div>
  )
}
