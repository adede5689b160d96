'use client'

import { Button, SegmentedControl } from '@mantine/core'
import { IconArrowsSplit2 } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { PageLink as Link } from '@/components/layout/PageLink'
import { useState } from 'react'
import { useChangeReview } from '@/components/changes/use-change-review'
import { useWriteAccess } from '@/components/hooks/use-write-access'
import { WeightRows } from '@/components/splits/editor/WeightRows'
import { Callout } from '@/components/ui/messages/Callout'
import { Message } from '@/components/ui/messages/Message'
import plain from '@/components/ui/Plain.module.css'
import { Section } from '@/components/ui/Section'
import { YamlEditor } from '@/components/yaml/YamlEditor'
import { pagePaths } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { RoutingObject } from '@/lib/api/schemas/config/routing'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import { contentYaml } from '@/lib/changes/text/content-yaml'
import type { ConfigObject } from '@/lib/mesh/inventory'
import classes from '../Routing.module.css'
import { addressOf } from '../routing-address'
import { Mirror, Testers } from './Extras'
import {
  parsePlan,
  planProblems,
  plannedItems,
  plannedObjects,
  routeInTheWay,
  startPlan,
  versionsIn,
  weightDraft,
  withVersion,
  withWeightDraft,
  type Present,
  type SplitPlan,
} from './split-plan'
import { VersionTable } from './VersionTable'

const PREFIX = 'heddle.first-split.'

/** The plan, kept in this tab until it is applied so that a reload loses nothing. */
function usePlan(targets: SplitTargets) {
  const key = `${PREFIX}${targets.cluster}/${targets.namespace}/${targets.service}`
  const [plan, setPlan] = useState<SplitPlan>(() => kept(key) ?? startPlan(targets))
  const [isEdited, setEdited] = useState(() => kept(key) !== null)
  const change = (next: SplitPlan | null) => {
    setPlan(next ?? startPlan(targets))
    setEdited(next !== null)
    try {
      if (next) window.sessionStorage.setItem(key, JSON.stringify(next))
      else window.sessionStorage.removeItem(key)
    } catch {
      // full or forbidden: it lives as long as the page
    }
  }
  return { plan, isEdited, change }
}

function kept(key: string): SplitPlan | null {
  try {
    return parsePlan(window.sessionStorage.getItem(key))
  } catch {
    return null
  }
}

/** The first split of a service: which versions, by which API, in which shares, and what goes with it. */
export default function FirstSplit({
  targets,
  objects: routes,
  onCreated,
}: {
  targets: SplitTargets
  /** what routes the service now */
  objects: readonly RoutingObject[]
  onCreated: () => void
}) {
  const { plan, isEdited, change } = usePlan(targets)
  const { canWrite, whyNot } = useWriteAccess()
  const { review } = useChangeReview()
  const client = useQueryClient()
  const present = usePresent(targets)
  const versions = versionsIn(plan, targets)
  const problems = planProblems(plan, targets)
  const messageOf = (field: (typeof problems)[number]['field']) =>
    problems.find((each) => each.field === field && each.place === null)?.message
  const planned = present.data && problems.length === 0 ? plannedObjects(plan, targets, present.data) : null
  const objects = planned && !('problem' in planned) ? planned : null
  const other = routeInTheWay(plan.api, targets, routes)
  const items = objects && !other ? plannedItems(targets.cluster, objects) : []
  const isSplit = targets.splits.length > 0
  const start = () =>
    review({
      title: `Split ${targets.service} between ${versions.map(({ name }) => name).join(' and ')}`,
      changes: items,
      confirmLabel: 'Make the split',
      onApplied: ({ status }) => {
        if (status === 'applied') change(null)
        void client.invalidateQueries()
      },
      onClosed: () => {
        // applied: its own editor has it now
        if (kept(`${PREFIX}${targets.cluster}/${targets.namespace}/${targets.service}`) === null) onCreated()
      },
    })
  if (isSplit) {
    return (
      <div className={classes.notes} style={{ paddingBottom: 12 }}>
        <Callout kind="good">
          {targets.service} is split: its weights are shifted on the page Traffic shifting.
        </Callout>
      </div>
    )
  }
  if (targets.versions.length < 2) {
    return (
      <Message icon={<IconArrowsSplit2 size={24} />} title="There is nothing to split between yet">
        {targets.versions.length === 0
          ? 'No workloads are behind this service.'
          : `Only ${targets.versions[0]?.name} runs behind this service. Deploy a second version, with a label of its own, and come back.`}
      </Message>
    )
  }
  return (
    <>
      <div className={classes.notes}>
        {whyNot ? <Callout kind="info">{whyNot}</Callout> : null}
        {other ? (
          <Callout kind="warning" title={`${other.ref.kind} ${other.ref.name} routes this service already`}>
            A second route for one service would contradict it.{' '}
            <Link className={plain.linkish} href={linkTo(targets, other)} prefetch={false}>
              Add destinations to its rules
            </Link>
            {targets.route && plan.api === 'gateway' ? ', or split it with a VirtualService.' : '.'}
          </Callout>
        ) : null}
        {targets.route && !other ? (
          <p className={classes.text}>
            {targets.route.ref.kind} {targets.route.ref.name} sends everything to the service; its rule is
            what will be split, and all else of it stays.
          </p>
        ) : null}
      </div>
      <div className={classes.beside} data-wide>
        <div>
          <Section title="How">
            <SegmentedControl
              size="xs"
              aria-label="Which API routes it"
              value={plan.api}
              onChange={(api) => change({ ...plan, api: api === 'gateway' ? 'gateway' : 'istio' })}
              data={[
                { value: 'istio', label: 'VirtualService and subsets' },
                { value: 'gateway', label: 'HTTPRoute (Gateway API)' },
              ]}
            />
            <p className={classes.text} style={{ marginTop: 8 }}>
              {plan.api === targets.api
                ? targets.api === 'gateway'
                  ? 'A waypoint reads its routes, so this is the one that acts here.'
                  : 'Sidecars and gateways obey it; a waypoint is not in front of this service.'
                : plan.api === 'gateway'
                  ? 'Sidecars obey it too, for callers in the mesh. Where a VirtualService speaks for the service as well, do not use both.'
                  : 'A waypoint is in front of this service; routes of the Gateway API are what it is made for.'}
            </p>
          </Section>
          <Section title="Versions">
            <VersionTable plan={plan} targets={targets} onChange={change} />
          </Section>
          {versions.length > 0 ? (
            <Section title="Shares, in percent">
              <WeightRows
                draft={weightDraft(plan, targets)}
                problems={problems.filter(({ field }) => field === 'weights')}
                before={[]}
                onChange={(draft) => change(withWeightDraft(plan, targets, draft))}
                onRemove={(place) => {
                  const version = versions[place]
                  if (version) change(withVersion(plan, targets, version.name, false))
                }}
              />
              {messageOf('weights') ? (
                <p className={classes.problem} role="alert">
                  {messageOf('weights')}
                </p>
              ) : null}
            </Section>
          ) : null}
          <Section title="What goes with it">
            <Testers
              plan={plan}
              names={versions.map(({ name }) => name)}
              messageOf={messageOf}
              onChange={change}
            />
            <Mirror
              plan={plan}
              names={versions.map(({ name }) => name)}
              messageOf={messageOf}
              onChange={change}
            />
          </Section>
        </div>
        <div className={classes.yaml}>
          <Section title="YAML it comes to">
            {objects ? (
              <div className={classes.frame}>
                <YamlEditor
                  readOnly
                  value={objects.map(({ after }) => contentYaml(after)).join('---\n')}
                  label="YAML of the split"
                  height="min(62vh, 640px)"
                />
              </div>
            ) : (
              <p className={classes.quiet}>
                {planned && 'problem' in planned
                  ? planned.problem
                  : present.error
                    ? present.error.message
                    : problems.length > 0
                      ? 'It is written when what is marked is put right.'
                      : 'Reading the objects that take part.'}
              </p>
            )}
          </Section>
        </div>
      </div>
      <div className={classes.actions}>
        <Button
          size="xs"
          disabled={!canWrite || items.length === 0}
          onClick={() => {
            // kept until it is applied, also where nothing was typed
            change(plan)
            start()
          }}
        >
          Review and apply
        </Button>
        <Button size="xs" variant="default" disabled={!isEdited} onClick={() => change(null)}>
          Begin again
        </Button>
        <span className={classes.status} role="status">
          {isEdited ? 'Not applied; kept in this tab.' : ''}
        </span>
      </div>
    </>
  )
}

function linkTo({ cluster, namespace, service }: SplitTargets, { ref }: RoutingObject): string {
  return pagePaths.routing({ cluster, namespace, name: service }, { object: addressOf(ref) })
}

/** The objects the split builds on, as they are now. */
function usePresent({ cluster, destinationRule, route }: SplitTargets): {
  data: Present | null
  error: Error | null
} {
  const nothing = { cluster, group: '', version: '', kind: '', namespace: '', name: '' }
  const rule = useQuery({
    ...queries.configObject({ ...(destinationRule ?? nothing), cluster }),
    enabled: destinationRule !== null,
  })
  const lone = useQuery({
    ...queries.configObject({ ...(route?.ref ?? nothing), cluster }),
    enabled: route !== null,
  })
  // the API answers with Kubernetes objects
  const objectOf = (answer: typeof rule) => answer.data?.object as unknown as ConfigObject | undefined
  const [ruleObject, loneObject] = [objectOf(rule), objectOf(lone)]
  const isRead = (destinationRule === null || ruleObject) && (route === null || loneObject)
  return {
    error: rule.error ?? lone.error,
    data: isRead
      ? {
          destinationRule: ruleObject ?? null,
          route: route && loneObject ? { object: loneObject, path: route.path } : null,
        }
      : null,
  }
}
