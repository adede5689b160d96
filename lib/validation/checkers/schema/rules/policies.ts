import type { FieldPath } from '@/lib/validation/finding'
import { asList, asText, isFields, items, type Fields } from '@/lib/validation/read'
import type { Say } from './say'
import { checkSelector } from './values'

const TARGETS = new Set([
  '/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
])

/** How a policy chooses what it is for: by labels or by reference, not both. */
export function checkTargets(spec: Fields, say: Say): void {
  const { selector, targetRef, targetRefs } = spec
  const ways = [isFields(selector), isFields(targetRef), asList(targetRefs).length > 0].filter(Boolean)
  if (ways.length > 1) say.error(['spec'], 'selector and targetRefs exclude each other. Leave one of them.')
  checkSelector(selector, 'matchLabels', ['spec', 'selector'], say, 'applies to all workloads')
  if (isFields(targetRef)) checkTarget(targetRef, ['spec', 'targetRef'], say)
  for (const [reference, index] of items(targetRefs))
    checkTarget(reference, ['spec', 'targetRefs', index], say)
}

function checkTarget({ group, kind, name, namespace }: Fields, path: FieldPath, say: Say): void {
  if (asText(name) === '') say.error(path, 'A target needs a name.')
  if (asText(namespace) !== '') {
    say.error(
      [...path, 'namespace'],
      'A target is of the policy’s own namespace. Remove namespace, or move the policy.',
    )
  }
  const key = `${asText(group) === 'core' ? '' : asText(group)}/${asText(kind)}`
  if (!TARGETS.has(key)) {
    say.error(
      [...path, 'kind'],
      `Policies cannot be attached to ${key}. Use a Gateway, GatewayClass, Service or ServiceEntry.`,
    )
  }
}
