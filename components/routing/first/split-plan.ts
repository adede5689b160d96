/** A first split that is being put together: what was typed, and the objects it comes to. Pure. */
import type { ChangeItem } from '@/lib/api/schemas/config/changes'
import type { RoutingObject } from '@/lib/api/schemas/config/routing'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import { patchItem } from '@/components/splits/change-items'
import type { Draft } from '@/components/splits/editor/draft'
import {
  firstHttpRoute,
  firstSplitProblems,
  firstVirtualService,
  splitLoneRule,
  type FirstSplit,
  type SplitProblem,
} from '@/lib/istio/edit/split/first-split'
import { withSubset } from '@/lib/istio/edit/split/subsets'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { refOfObject } from '@/lib/mesh/resource'

/** What somebody chose and typed; names of versions are its keys. */
export interface SplitPlan {
  api: 'istio' | 'gateway'
  chosen: string[]
  /** by version; absent: 0 */
  typed: Record<string, string>
  locked: string[]
  port: number | null
  testers: { header: string; value: string; version: string } | null
  mirror: { percent: string; version: string } | null
}

type Version = SplitTargets['versions'][number]

/** All traffic to the oldest version: nothing moves until somebody moves it. */
export function startPlan(targets: SplitTargets): SplitPlan {
  const able = targets.versions.filter((version) => whyNotIn(version, targets.api) === null)
  return {
    api: targets.api,
    chosen: able.map(({ name }) => name),
    typed: Object.fromEntries(able.map(({ name }, place) => [name, place === 0 ? '100' : '0'])),
    locked: [],
    port: targets.ports[0]?.port ?? null,
    testers: null,
    mirror: null,
  }
}

/** Why a version cannot be a destination of this API; null: it can. */
export function whyNotIn(version: Version, api: SplitPlan['api']): string | null {
  if (api === 'gateway') {
    return version.service === null
      ? 'No service selects just its pods, and routes of the Gateway API send to services.'
      : null
  }
  return version.subset === null && Object.keys(version.labels).length === 0
    ? 'No label tells its pods from the others.'
    : null
}

/** The plan as kept by an earlier visit; null for anything else. */
export function parsePlan(text: string | null): SplitPlan | null {
  if (text === null) return null
  try {
    const value = JSON.parse(text) as Partial<SplitPlan> | null
    const isWhole =
      value !== null &&
      typeof value === 'object' &&
      (value.api === 'istio' || value.api === 'gateway') &&
      Array.isArray(value.chosen) &&
      Array.isArray(value.locked) &&
      typeof value.typed === 'object'
    // written by this page alone, and checked as far as it is used
    return isWhole ? (value as SplitPlan) : null
  } catch {
    return null
  }
}

/** Versions that take part, oldest first; one that is gone or does not fit the API takes no part. */
export function versionsIn({ api, chosen }: SplitPlan, targets: SplitTargets): Version[] {
  return targets.versions.filter(
    (version) => chosen.includes(version.name) && whyNotIn(version, api) === null,
  )
}

export function planProblems(plan: SplitPlan, targets: SplitTargets): SplitProblem[] {
  const versions = versionsIn(plan, targets)
  return firstSplitProblems({
    weights: versions.map(({ name }) => plan.typed[name] ?? '0'),
    testers: plan.testers,
    mirror: plan.mirror,
  })
}

export function splitOf(plan: SplitPlan, targets: SplitTargets): FirstSplit {
  const versions = versionsIn(plan, targets)
  const placeOf = (name: string) =>
    Math.max(
      0,
      versions.findIndex((version) => version.name === name),
    )
  return {
    namespace: targets.namespace,
    service: targets.service,
    port: plan.port,
    versions: versions.map(({ name, subset, service }) => ({
      subset: subset ?? subsetName(name),
      service,
      weight: Number(plan.typed[name] ?? 0),
    })),
    testers: plan.testers && {
      header: plan.testers.header,
      value: plan.testers.value,
      place: placeOf(plan.testers.version),
    },
    mirror: plan.mirror && { percent: Number(plan.mirror.percent), place: placeOf(plan.mirror.version) },
  }
}

/** Subsets are named like hosts: no dots, no capitals. */
function subsetName(version: string): string {
  return (
    version
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'version'
  )
}

/**
 * A route that speaks for the service already, beside which the split's own would be a second one; null: none. The one
 * whose lone rule the split takes over is not in the way.
 */
export function routeInTheWay(
  api: SplitPlan['api'],
  targets: SplitTargets,
  objects: readonly RoutingObject[],
): RoutingObject | null {
  const taken = api === 'istio' ? targets.route?.ref : undefined
  const isTaken = ({ ref }: RoutingObject) =>
    ref.kind === taken?.kind && ref.namespace === taken.namespace && ref.name === taken.name
  return objects.find((object) => object.isOwn && !isTaken(object)) ?? null
}

/** Objects that are there already and take part in it. */
export interface Present {
  destinationRule: ConfigObject | null
  /** with the lone rule at `path` */
  route: { object: ConfigObject; path: string } | null
}

/** Objects as they will be, the subsets before the route that sends to them; or why that cannot be. */
export function plannedObjects(
  plan: SplitPlan,
  targets: SplitTargets,
  present: Present,
): { before: ConfigObject | null; after: ConfigObject }[] | { problem: string } {
  const split = splitOf(plan, targets)
  if (plan.api === 'gateway') return [{ before: null, after: firstHttpRoute(split) }]
  const { destinationRule, route } = present
  const rule = versionsIn(plan, targets).reduce<ConfigObject | null>(
    (object, { name, subset, labels }) =>
      subset === null ? withSubset(object, targets, { name: subsetName(name), labels }) : object,
    destinationRule,
  )
  const subsets = rule && rule !== destinationRule ? [{ before: destinationRule, after: rule }] : []
  if (!route) return [...subsets, { before: null, after: firstVirtualService(split) }]
  const made = splitLoneRule(route.object, route.path, split)
  return 'problem' in made ? made : [...subsets, { before: route.object, after: made.object }]
}

/** The change that makes them. */
export function plannedItems(
  cluster: string,
  objects: readonly { before: ConfigObject | null; after: ConfigObject }[],
): ChangeItem[] {
  return objects.flatMap(({ before, after }): ChangeItem[] => {
    const { apiVersion, kind, metadata } = after
    const ref = refOfObject(cluster, {
      apiVersion,
      kind,
      namespace: metadata.namespace ?? '',
      name: metadata.name,
    })
    if (!before) return [{ op: 'create', ref, object: { ...after } }]
    const item = patchItem(ref, before, after)
    return item ? [item] : []
  })
}

/** The weights as the editor of splits edits them: the same rows, locks and sum. */
export function weightDraft(plan: SplitPlan, targets: SplitTargets): Draft {
  const versions = versionsIn(plan, targets)
  const weights = Object.fromEntries(versions.map(({ name }) => [name, '0']))
  const split = splitOf({ ...plan, typed: weights, testers: null, mirror: null }, targets)
  const object = plan.api === 'gateway' ? firstHttpRoute(split) : firstVirtualService(split)
  return {
    base: object,
    object,
    path: plan.api === 'gateway' ? 'spec.rules[0].backendRefs' : 'spec.http[0].route',
    typed: versions.map(({ name }) => plan.typed[name] ?? '0'),
    locked: versions.flatMap(({ name }, place) => (plan.locked.includes(name) ? [place] : [])),
    keepsSum: true,
    sum: 100,
    also: [],
  }
}

/** The plan with the weights of an edited draft. */
export function withWeightDraft(plan: SplitPlan, targets: SplitTargets, draft: Draft): SplitPlan {
  const names = versionsIn(plan, targets).map(({ name }) => name)
  return {
    ...plan,
    typed: { ...plan.typed, ...Object.fromEntries(names.map((name, at) => [name, draft.typed[at] ?? '0'])) },
    locked: draft.locked.flatMap((place) => names[place] ?? []),
  }
}

/** A version taken in, with nothing of the traffic, or taken out, its share back with the first. */
export function withVersion(plan: SplitPlan, targets: SplitTargets, name: string, isIn: boolean): SplitPlan {
  const chosen = isIn ? [...plan.chosen, name] : plan.chosen.filter((each) => each !== name)
  const next: SplitPlan = { ...plan, chosen, typed: { ...plan.typed, [name]: '0' } }
  const [first, ...others] = versionsIn(next, targets)
  if (!first) return next
  const rest = others.reduce((sum, each) => sum + (Number(next.typed[each.name]) || 0), 0)
  return { ...next, typed: { ...next.typed, [first.name]: String(Math.max(0, 100 - rest)) } }
}
