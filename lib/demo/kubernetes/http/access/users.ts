import type { Verb } from '../request-info'

/** What one role may do: every verb of `verbs` on resources of `groups` in `namespaces`; `*` stands for all. */
export interface Rule {
  verbs: readonly string[]
  apiGroups: readonly string[]
  resources: readonly string[]
  /** left out: everywhere, objects without namespace included */
  namespaces?: readonly string[]
}

export interface User {
  name: string
  groups: readonly string[]
  rules: readonly Rule[]
}

const EVERYTHING: Rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
const READ = ['get', 'list', 'watch']

/** Viewers read everything but Secrets, as Kubernetes' `view` role has it. */
const VIEW: readonly Rule[] = [
  {
    verbs: READ,
    apiGroups: [''],
    resources: [
      'namespaces',
      'nodes',
      'pods',
      'pods/log',
      'pods/status',
      'services',
      'serviceaccounts',
      'configmaps',
      'events',
      'endpoints',
    ],
  },
  {
    verbs: READ,
    apiGroups: [
      'apps',
      'batch',
      'coordination.k8s.io',
      'discovery.k8s.io',
      'apiextensions.k8s.io',
      'admissionregistration.k8s.io',
      'networking.istio.io',
      'security.istio.io',
      'telemetry.istio.io',
      'extensions.istio.io',
      'gateway.networking.k8s.io',
    ],
    resources: ['*'],
  },
]

/** Everyone may ask who they are and what they may do. */
const BASIC: Rule = {
  verbs: ['create'],
  apiGroups: ['authorization.k8s.io', 'authentication.k8s.io'],
  resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'],
}

const ADMIN: User = {
  name: 'demo-admin',
  groups: ['system:masters', 'system:authenticated'],
  rules: [EVERYTHING],
}

/** Bearer tokens of the embedded cluster. They guard a simulation on loopback and are no secret. */
export const DEMO_USERS: ReadonlyMap<string, User> = new Map<string, User>([
  ['demo-admin', ADMIN],
  [
    'demo-viewer',
    { name: 'demo-viewer', groups: ['demo:viewers', 'system:authenticated'], rules: [...VIEW, BASIC] },
  ],
  [
    'demo-payments',
    {
      name: 'demo-payments',
      groups: ['demo:payments', 'system:authenticated'],
      rules: [...VIEW, BASIC, { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['payments'] }],
    },
  ],
  // sees its own namespace and nothing of the others, as a team of a shared cluster does
  [
    'demo-bookinfo',
    {
      name: 'demo-bookinfo',
      groups: ['demo:bookinfo', 'system:authenticated'],
      rules: [BASIC, { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['bookinfo'] }],
    },
  ],
])

/**
 * The user of a request: no token is the administrator (this is a simulation), an unknown one nobody.
 * The administrator may act as another (`Impersonate-User`, kubectl's `--as`): kubectl sends no token over
 * plain HTTP, so that is its way to be someone else here.
 */
export function findUser(authorization: string | undefined, actingAs?: string): User | undefined {
  const token =
    authorization === undefined ? '' : (/^Bearer\s+(.+)$/i.exec(authorization)?.[1]?.trim() ?? 'none')
  const user = token === '' ? ADMIN : DEMO_USERS.get(token)
  if (actingAs === undefined || user !== ADMIN) return user
  return DEMO_USERS.get(actingAs) ?? { name: actingAs, groups: ['system:authenticated'], rules: [BASIC] }
}

export interface AccessQuestion {
  verb: Verb | string
  group: string
  /** plural, with `/subresource` where there is one */
  resource: string
  /** undefined or '' asks for all namespaces */
  namespace: string | undefined
}

const has = (list: readonly string[], item: string) => list.includes('*') || list.includes(item)

export function mayDo(user: User, question: AccessQuestion): boolean {
  const [plural = '', subresource] = question.resource.split('/')
  const names = subresource === undefined ? [plural] : [question.resource, `*/${subresource}`]
  return user.rules.some(
    (rule) =>
      has(rule.verbs, question.verb) &&
      has(rule.apiGroups, question.group) &&
      (rule.resources.includes('*') || names.some((name) => rule.resources.includes(name))) &&
      (rule.namespaces === undefined ||
        (question.namespace !== undefined && rule.namespaces.includes(question.namespace))),
  )
}
