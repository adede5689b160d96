/** What a pod's proxy lets in: encryption first, then authorization, in the order in which it is judged. */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asFields, asList, asText, asTexts, isFields, specOf, type Fields } from '@/lib/validation/read'
import { actionOf, isDryRun } from '../authorization'
import { dataPlaneOf } from '../data-plane'
import { effectiveMtls } from '../mtls'
import { isUnread } from '../unread'
import { policiesFor } from '../policies'
import { line, listWords, nameOf, warning, type StoryLine } from './story'

const MODE_WORDS = {
  STRICT: 'takes mutual TLS only; plain text is cut off',
  PERMISSIVE: 'takes mutual TLS and plain text',
  DISABLE: 'takes plain text only',
} as const

/** CUSTOM is asked first, a match of DENY wins, then one ALLOW must match if there is any. */
const ORDER = ['CUSTOM', 'DENY', 'ALLOW', 'AUDIT']

export function accessLines(workloads: readonly WorkloadInventory[], index: InventoryIndex): StoryLine[] {
  // versions of one service mostly meet the same: told once
  const groups = new Map<string, { names: string[]; lines: StoryLine[] }>()
  for (const workload of workloads) {
    const lines = workloadLines(workload, index)
    const key = JSON.stringify(lines)
    const same = groups.get(key)
    if (same) same.names.push(workload.name)
    else groups.set(key, { names: [workload.name], lines })
  }
  const isOne = groups.size === 1
  return [...groups.values()].flatMap(({ names, lines }) =>
    isOne
      ? lines
      : [line(`${listWords(names)}:`), ...lines.map((each) => ({ ...each, depth: deeper(each.depth) }))],
  )
}

function deeper(depth: StoryLine['depth']): StoryLine['depth'] {
  return depth === 0 ? 1 : 2
}

function workloadLines(workload: WorkloadInventory, index: InventoryIndex): StoryLine[] {
  const plane = dataPlaneOf(workload, index)
  if (plane === 'none') {
    return [warning('has no proxy: whatever reaches the pod gets in, no policy is enforced')]
  }
  const isModeRead = !isUnread(index, 'PeerAuthentication')
  const { mode, source, reason } = effectiveMtls(workload, index)
  const policies = policiesFor(workload, index)
  const decider = policies.find(
    ({ object }) =>
      object.kind === 'PeerAuthentication' &&
      object.metadata.name === source?.name &&
      object.metadata.namespace === source.namespace,
  )
  const lines = [
    isModeRead
      ? line(`${MODE_WORDS[mode]} (${reason})`, { object: decider ? nameOf(decider.object) : null })
      : warning('whether it takes plain text is not known: Heddle may not read PeerAuthentications'),
  ]
  if (isUnread(index, 'RequestAuthentication')) {
    lines.push(warning('whether tokens are checked is not known: Heddle may not read RequestAuthentications'))
  }
  for (const { object, why } of policies) {
    if (object.kind !== 'RequestAuthentication') continue
    lines.push(
      line(
        `a request with a token that is not valid is refused with 401; one without is let through (${why})`,
        {
          object: nameOf(object),
        },
      ),
    )
  }
  const authorization = policies
    .filter(({ object }) => object.kind === 'AuthorizationPolicy')
    .map(({ object, why }) => ({ object, why, action: actionOf(object) }))
    .sort((a, b) => ORDER.indexOf(a.action) - ORDER.indexOf(b.action))
  for (const each of authorization) lines.push(...policyLines(each, isDryRun(each.object)))
  const hasAllow = authorization.some(({ action, object }) => action === 'ALLOW' && !isDryRun(object))
  if (isUnread(index, 'AuthorizationPolicy')) {
    lines.push(warning('who is let in is not known: Heddle may not read AuthorizationPolicies'))
    return lines
  }
  lines.push(
    hasAllow
      ? line('whatever none of these allows is refused with 403 (RBAC: access denied)')
      : line('everything else is let in: there is no policy of allowing'),
  )
  return lines
}

const ACTION_WORDS: Readonly<Record<string, string>> = {
  CUSTOM: 'asks an outside authorizer about',
  DENY: 'refuses with 403',
  ALLOW: 'allows',
  AUDIT: 'logs',
}

function policyLines(
  { object, why, action }: { object: Parameters<typeof nameOf>[0]; why: string; action: string },
  isDry: boolean,
): StoryLine[] {
  const spec = specOf(object)
  const { name, namespace = '' } = object.metadata
  const rules = asList(spec.rules).filter(isFields)
  const dry = isDry ? ', in a dry run that only logs' : ''
  const head = `${namespace}/${name} ${ACTION_WORDS[action] ?? action}${dry}`
  const at = { object: nameOf(object) }
  if (rules.length === 0) {
    return action === 'ALLOW'
      ? [warning(`${head} nothing: it has no rule (${why})`, at)]
      : [line(`${head} nothing: it has no rule (${why})`, at)]
  }
  return [line(`${head} (${why}):`, at), ...rules.map((rule) => line(ruleWords(rule), { depth: 1 }))]
}

/** A rule of an AuthorizationPolicy. https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule */
export function ruleWords(rule: Fields): string {
  const parts = [
    alternatives(asList(rule.from).map((each) => conditions(asFields(asFields(each).source), SOURCE_WORDS))),
    alternatives(
      asList(rule.to).map((each) => conditions(asFields(asFields(each).operation), OPERATION_WORDS)),
    ),
    ...asList(rule.when)
      .filter(isFields)
      .map((each) =>
        [
          asList(each.values).length > 0 ? `${asText(each.key)} is ${asTexts(each.values).join(' or ')}` : '',
          asList(each.notValues).length > 0
            ? `${asText(each.key)} is not ${asTexts(each.notValues).join(' or ')}`
            : '',
        ]
          .filter(Boolean)
          .join(' and '),
      ),
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'every request' : parts.join(', and ')
}

const SOURCE_WORDS: Readonly<Record<string, string>> = {
  principals: 'caller',
  serviceAccounts: 'service account',
  namespaces: 'caller’s namespace',
  ipBlocks: 'address',
  remoteIpBlocks: 'original address',
  requestPrincipals: 'token of',
  trustDomains: 'trust domain',
}
const OPERATION_WORDS: Readonly<Record<string, string>> = {
  hosts: 'host',
  ports: 'port',
  methods: 'method',
  paths: 'path',
}

function conditions(fields: Fields, words: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .flatMap(([field, values]) => {
      const isNot = field.startsWith('not')
      const plain = isNot ? `${field.charAt(3).toLowerCase()}${field.slice(4)}` : field
      const named = asTexts(values)
      return named.length === 0
        ? []
        : [`${words[plain] ?? plain} is ${isNot ? 'not ' : ''}${named.join(' or ')}`]
    })
    .join(' and ')
}

/** Entries are alternatives; one that asks nothing takes all. */
function alternatives(entries: readonly string[]): string {
  if (entries.length === 0 || entries.includes('')) return ''
  return entries.join(', or ')
}
