'use client'

import { ActionIcon, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { resolveHost } from '@/lib/istio/hosts'
import { isFields } from '@/lib/istio/edit/fields'
import { destinationsForm, routeDestinationsForm } from '@/lib/istio/edit/rule/destinations'
import { NumberField, TextField } from '../fields/fields'
import { Row } from '../fields/Part'
import { useBound, type PartProps } from '../fields/use-bound'
import { useProblemsAt } from '../fields/shown-problems'
import classes from '../Routing.module.css'
import { useServiceFacts } from '../service-facts'

/** Where a virtual service's rule sends, and in which shares. */
export function DestinationsPart({ namespace, ...props }: PartProps & { namespace: string }) {
  const facts = useServiceFacts()
  const { values, set, pathOf } = useBound(destinationsForm, props)
  const { destinations } = values
  const { error } = useProblemsAt(pathOf('destinations'))
  const { part } = props
  if (
    destinations.length === 0 &&
    (isFields(part.redirect) || isFields(part.delegate) || isFields(part.directResponse))
  ) {
    return <p className={classes.text}>The rule sends nothing on: it answers, redirects or delegates.</p>
  }
  const many = destinations.length > 1
  return (
    <>
      {destinations.map((destination, place) => {
        const at = [...pathOf('destinations'), place]
        const setOne = (next: Partial<typeof destination>) =>
          set('destinations', destinations.with(place, { ...destination, ...next }))
        const isOwn = resolveHost(destination.host, namespace) === facts.host
        return (
          <Row key={place} label={`Destination ${place + 1}`}>
            <TextField
              label="Host"
              width={150}
              path={[...at, 'destination', 'host']}
              value={destination.host}
              onChange={(host) => setOne({ host })}
            />
            <TextField
              label="Subset"
              width={112}
              path={[...at, 'destination', 'subset']}
              placeholder="all versions"
              suggestions={isOwn ? (facts.subsets ?? []) : undefined}
              value={destination.subset}
              onChange={(subset) => setOne({ subset })}
            />
            <NumberField
              label="Port"
              width={76}
              path={[...at, 'destination', 'port']}
              placeholder="its own"
              value={destination.port}
              onChange={(port) => setOne({ port })}
            />
            {many || destination.weight !== null ? (
              <NumberField
                label="Weight"
                width={76}
                path={[...at, 'weight']}
                value={destination.weight}
                onChange={(weight) => setOne({ weight })}
              />
            ) : null}
            <RemoveButton
              name={`destination ${place + 1}`}
              isDisabled={destinations.length === 1}
              onClick={() =>
                set(
                  'destinations',
                  destinations.filter((_, each) => each !== place),
                )
              }
            />
          </Row>
        )
      })}
      {error && destinations.length === 0 ? <p className={classes.problem}>{error}</p> : null}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            const whole = destinations.map((each) =>
              // alone it had all
              destinations.length === 1 && each.weight === null ? { ...each, weight: 100 } : each,
            )
            const first = destinations[0]
            set('destinations', [
              ...whole,
              {
                origin: null,
                host: first?.host ?? facts.name,
                subset: freeSubset(facts.subsets, destinations),
                port: first?.port ?? null,
                weight: destinations.length === 0 ? null : 0,
              },
            ])
          }}
        >
          Add a destination
        </Button>
      </div>
    </>
  )
}

function freeSubset(known: readonly string[] | null, taken: readonly { subset: string }[]): string {
  return known?.find((name) => taken.every((each) => each.subset !== name)) ?? ''
}

/** Where an HTTPRoute's rule sends, and in which shares. */
export function RouteDestinationsPart(props: PartProps) {
  const facts = useServiceFacts()
  const { values, set, pathOf } = useBound(routeDestinationsForm, props)
  const { destinations } = values
  return (
    <>
      {destinations.map((destination, place) => {
        const at = [...pathOf('destinations'), place]
        const setOne = (next: Partial<typeof destination>) =>
          set('destinations', destinations.with(place, { ...destination, ...next }))
        return (
          <Row key={place} label={`Backend ${place + 1}`}>
            <TextField
              label="Service"
              width={150}
              path={[...at, 'name']}
              value={destination.host}
              onChange={(host) => setOne({ host })}
            />
            <TextField
              label="Namespace"
              width={118}
              path={[...at, 'namespace']}
              placeholder="its own"
              value={destination.namespace}
              onChange={(namespace) => setOne({ namespace })}
            />
            <NumberField
              label="Port"
              width={76}
              path={[...at, 'port']}
              value={destination.port}
              onChange={(port) => setOne({ port })}
            />
            <NumberField
              label="Weight"
              width={76}
              path={[...at, 'weight']}
              placeholder="1"
              value={destination.weight}
              onChange={(weight) => setOne({ weight })}
            />
            <RemoveButton
              name={`backend ${place + 1}`}
              isDisabled={destinations.length === 1}
              onClick={() =>
                set(
                  'destinations',
                  destinations.filter((_, each) => each !== place),
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
            set('destinations', [
              ...destinations,
              {
                origin: null,
                host: facts.name,
                namespace: '',
                port: destinations[0]?.port ?? facts.ports[0] ?? null,
                weight: destinations.length === 0 ? null : 0,
              },
            ])
          }
        >
          Add a backend
        </Button>
      </div>
    </>
  )
}

export function RemoveButton({
  name,
  isDisabled = false,
  onClick,
}: {
  name: string
  isDisabled?: boolean
  onClick: () => void
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="md"
      aria-label={`Remove ${name}`}
      disabled={isDisabled}
      onClick={onClick}
    >
      <IconX size={14} aria-hidden />
    </ActionIcon>
  )
}
