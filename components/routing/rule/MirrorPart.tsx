'use client'

import { Button } from '@mantine/core'
import { mirrorForm, routeMirrorForm, withoutMirror, type MirrorItem } from '@/lib/istio/edit/rule/mirror'
import type { RuleKind } from '@/lib/istio/edit/rules'
import { NumberField, TextField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import classes from '../Routing.module.css'
import { useServiceFacts } from '../service-facts'
import { RemoveButton } from './DestinationsPart'

/** Copies of a rule's requests, whose answers nobody waits for. */
export function MirrorPart({ kind, ...props }: PartProps & { kind: RuleKind }) {
  const facts = useServiceFacts()
  const isRoute = kind !== 'VirtualService'
  const { values, set } = useBound(isRoute ? routeMirrorForm : mirrorForm, props)
  const { mirrors } = values
  const isList = Array.isArray(props.part.mirrors)
  /** The one mirror and each of several lie in different fields. */
  const pathOf = (mirror: MirrorItem, place: number, field: 'to' | 'percent') => {
    if (isRoute) {
      return [
        ...props.at,
        'filters',
        mirror.origin ?? -1,
        'requestMirror',
        field === 'to' ? 'backendRef' : 'percent',
      ]
    }
    if (isList) return [...props.at, 'mirrors', place, field === 'to' ? 'destination' : 'percentage']
    return [...props.at, field === 'to' ? 'mirror' : 'mirrorPercentage']
  }
  return (
    <>
      {mirrors.length === 0 ? (
        <p className={classes.text}>
          A mirrored request is sent a second time; its answer is thrown away, so callers notice nothing. What
          it does, such as writing to a database, it does.
        </p>
      ) : null}
      {mirrors.map((mirror, place) => {
        const setOne = (next: Partial<MirrorItem>) =>
          set('mirrors', mirrors.with(place, { ...mirror, ...next }))
        const to = pathOf(mirror, place, 'to')
        return (
          <Row key={place} label={`Mirror ${place + 1}`}>
            <NumberField
              label="Copy"
              width={84}
              unit="%"
              path={pathOf(mirror, place, 'percent')}
              placeholder="100 %"
              value={mirror.percent}
              onChange={(percent) => setOne({ percent })}
            />
            <TextField
              label={isRoute ? 'to service' : 'to host'}
              width={185}
              path={isRoute ? [...to, 'name'] : [...to, 'host']}
              value={mirror.host}
              onChange={(host) => setOne({ host })}
            />
            {isRoute ? null : (
              <TextField
                label="Subset"
                width={112}
                path={[...to, 'subset']}
                placeholder="all versions"
                suggestions={facts.subsets ?? []}
                value={mirror.subset}
                onChange={(subset) => setOne({ subset })}
              />
            )}
            <NumberField
              label="Port"
              width={84}
              path={[...to, 'port']}
              value={mirror.port}
              onChange={(port) => setOne({ port })}
            />
            <RemoveButton
              name={`mirror ${place + 1}`}
              onClick={() =>
                mirrors.length === 1
                  ? props.onChange(withoutMirror(props.part))
                  : set(
                      'mirrors',
                      mirrors.filter((_, each) => each !== place),
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
            set('mirrors', [
              ...mirrors,
              {
                origin: null,
                host: facts.name,
                namespace: '',
                subset: isRoute ? '' : (facts.subsets?.at(-1) ?? ''),
                port: isRoute ? (facts.ports[0] ?? null) : null,
                percent: 10,
              },
            ])
          }
        >
          {mirrors.length === 0 ? 'Mirror requests' : 'Mirror to another place too'}
        </Button>
      </div>
    </>
  )
}
