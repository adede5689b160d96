'use client'

import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Fields } from '@/lib/istio/edit/fields'
import { testersRule } from '@/lib/istio/edit/presets'
import { narrowed, type Condition } from '@/lib/istio/edit/rule/match'
import {
  copyOfRule,
  insertRule,
  moveRule,
  removeRule,
  rulePath,
  rulesOf,
  withRule,
  type RuleKind,
} from '@/lib/istio/edit/rules'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { useProblemsAt } from '../fields/shown-problems'
import classes from '../Routing.module.css'
import { useServiceFacts, type ServiceFacts } from '../service-facts'
import { RuleCard } from './RuleCard'

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
      <ol style={{ margin: '10px 0 0', padding: 0, listStyle: 'none' }}>
        {rules.map((rule, index) => (
          <RuleCard
            // rules have no identity of their own
            key={`${index} of ${rules.length}`}
            kind={kind}
            rule={rule}
            index={index}
            count={rules.length}
            at={rulePath(kind, index)}
            namespace={object.metadata.namespace ?? ''}
            onChange={(next) => onChange(withRule(object, index, next))}
            steps={{
              onMove: (by) => onChange(moveRule(object, index, index + by)),
              onCopy: () => onChange(insertRule(object, index + 1, copyOfRule(rule))),
              onTesters: (header) =>
                onChange(
                  insertRule(
                    object,
                    index,
                    testersRule(rule, kind, header, (copy) => copy),
                  ),
                ),
              onRemove: () => onChange(removeRule(object, index)),
            }}
          />
        ))}
      </ol>
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

function plainRule(kind: RuleKind, { host, name, ports }: ServiceFacts): Fields {
  return kind === 'VirtualService'
    ? { route: [{ destination: { host } }] }
    : { backendRefs: [{ name, port: ports[0] ?? 80 }] }
}
