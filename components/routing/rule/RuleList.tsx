'use client'

import { Button, TextInput } from '@mantine/core'
import { IconPlus, IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useFirst } from '@/components/ui/use-first'
import type { Fields } from '@/lib/istio/edit/fields'
import { testersRule } from '@/lib/istio/edit/presets'
import { narrowed, type Condition } from '@/lib/istio/edit/rule/match'
import {
  copyOfRule,
  insertRule,
  moveRule,
  removeRule,
  rulePath,
  rulesNaming,
  rulesOf,
  withRule,
  type RuleKind,
} from '@/lib/istio/edit/rules'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { formatCount } from '@/lib/units/number'
import { useProblemsAt } from '../fields/shown-problems'
import classes from '../Routing.module.css'
import { useServiceFacts, type ServiceFacts } from '../service-facts'
import { RuleCard } from './RuleCard'

/** Rules drawn before a reader asks for more, and with each asking: each is half a dozen forms. */
const FIRST = 20

/** The rules of an object in the order in which they are tried. */
export function RuleList({
  kind,
  object,
  onChange,
}: {
  kind: RuleKind
  object: ConfigObject
  onChange: (object: ConfigObject) => void
}) {
  const facts = useServiceFacts()
  const { isReadOnly } = useProblemsAt([])
  const rules = rulesOf(object)
  const { filter, setFilter, places, follow } = useFilter(rules)
  const { shown, more } = useFirst(places, FIRST, FIRST)
  const add = () => {
    const like = copyOfRule(rules.at(-1) ?? plainRule(kind, facts))
    const some: Condition =
      kind === 'GRPCRoute'
        ? { field: 'grpcMethod', name: '', how: 'exact', value: 'New' }
        : { field: 'path', name: '', how: 'prefix', value: '/new' }
    onChange(insertRule(object, 0, rules.length === 0 ? like : narrowed(like, kind, some)))
  }
  return (
    <>
      <p className={classes.text}>
        {kind === 'VirtualService'
          ? 'Tried from the first to the last: the first that fits takes the request.'
          : 'The rule with the most specific match takes the request, whatever the order.'}
      </p>
      {rules.length > FIRST ? (
        <TextInput
          size="xs"
          mt={8}
          placeholder="Filter by path, header, name or destination"
          aria-label="Filter rules"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          rightSectionWidth={110}
          rightSection={
            <span className="num" role="status">
              {`${formatCount(places.length)} of ${formatCount(rules.length)}`}
            </span>
          }
        />
      ) : null}
      <ol style={{ margin: '10px 0 0', padding: 0, listStyle: 'none' }}>
        {shown.map((index) => (
          <RuleCard
            // rules have no identity of their own
            key={`${index} of ${rules.length}`}
            kind={kind}
            rule={rules[index] ?? {}}
            index={index}
            count={rules.length}
            at={rulePath(kind, index)}
            namespace={object.metadata.namespace ?? ''}
            onChange={(next) => onChange(withRule(object, index, next))}
            steps={{
              onMove: (by) => {
                follow(index, index + by)
                onChange(moveRule(object, index, index + by))
              },
              onCopy: () => onChange(insertRule(object, index + 1, copyOfRule(rules[index] ?? {}))),
              onTesters: (header) =>
                onChange(
                  insertRule(
                    object,
                    index,
                    testersRule(rules[index] ?? {}, kind, header, (copy) => copy),
                  ),
                ),
              onRemove: () => onChange(removeRule(object, index)),
            }}
          />
        ))}
      </ol>
      {more}
      {isReadOnly ? null : (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} aria-hidden />}
          onClick={add}
        >
          {rules.length === 0 ? 'Add a rule' : 'Add a rule before the others'}
        </Button>
      )}
    </>
  )
}

/**
 * Which rules are shown. Those found stay while they are edited, even where they say another thing then; found anew
 * when rules come or go.
 */
function useFilter(rules: readonly Fields[]) {
  const [found, setFound] = useState(() => ({
    filter: '',
    count: rules.length,
    places: rulesNaming(rules, ''),
  }))
  const find = (filter: string) => {
    const next = { filter, count: rules.length, places: rulesNaming(rules, filter) }
    setFound(next)
    return next
  }
  const { filter, places } = found.count === rules.length ? found : find(found.filter)
  /** Two neighbours change places: what was found stays found. */
  const follow = (one: number, other: number) => {
    const swapped = places.map((place) => (place === one ? other : place === other ? one : place))
    setFound({ filter, count: rules.length, places: swapped.sort((a, b) => a - b) })
  }
  return { filter, setFilter: find, places, follow }
}

function plainRule(kind: RuleKind, { host, name, ports }: ServiceFacts): Fields {
  return kind === 'VirtualService'
    ? { route: [{ destination: { host } }] }
    : { backendRefs: [{ name, port: ports[0] ?? 80 }] }
}
