'use client'

import { Button } from '@mantine/core'
import { asFields } from '@/lib/istio/edit/fields'
import { subsetsForm } from '@/lib/istio/edit/policy/subsets'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { LabelsField, TextField } from '../fields/fields'
import { Part, Row } from '../fields/Part'
import { useBound } from '../fields/use-bound'
import classes from '../Routing.module.css'
import { RemoveButton } from '../rule/DestinationsPart'

/** The versions a destination rule tells apart, by the labels of their pods. */
export function SubsetsPart({
  object,
  onChange,
}: {
  object: ConfigObject
  onChange: (object: ConfigObject) => void
}) {
  const { values, set, pathOf } = useBound(subsetsForm, {
    part: asFields(object),
    at: [],
    // the form changes spec alone
    onChange: (next) => onChange(next as unknown as ConfigObject),
  })
  const { subsets, host } = values
  return (
    <div className={classes.rule}>
      <Part title="Host" words={host} isSet>
        <TextField
          label="Host"
          width={320}
          path={pathOf('host')}
          value={host}
          onChange={(next) => set('host', next)}
        />
      </Part>
      <Part
        title="Subsets"
        words={subsets.map(({ name }) => name).join(', ') || 'none: all pods are one'}
        isSet={subsets.length > 0}
      >
        {subsets.map((subset, place) => (
          <Row key={place} label={`Subset ${place + 1}`}>
            <TextField
              label="Name"
              width={140}
              path={[...pathOf('subsets'), place, 'name']}
              value={subset.name}
              onChange={(name) => set('subsets', subsets.with(place, { ...subset, name }))}
            />
            <LabelsField
              label="Pods with all of these labels"
              width={320}
              path={[...pathOf('subsets'), place, 'labels']}
              value={subset.labels}
              onChange={(labels) => set('subsets', subsets.with(place, { ...subset, labels }))}
            />
            <RemoveButton
              name={`subset ${subset.name}`}
              onClick={() =>
                set(
                  'subsets',
                  subsets.filter((_, each) => each !== place),
                )
              }
            />
          </Row>
        ))}
        <div>
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              const name = `v${subsets.length + 1}`
              set('subsets', [...subsets, { origin: null, name, labels: [['version', name]] }])
            }}
          >
            Add a subset
          </Button>
        </div>
      </Part>
    </div>
  )
}
