import { asRecord, asText, at } from '../../json'
import type { JsonRecord } from '../../json'
import { DEMO_USERS, mayDo } from './users'
import type { User } from './users'

/** Answers a review posted by a user; undefined for a kind that is none. */
export function answerReview(plural: string, body: JsonRecord, user: User): JsonRecord | undefined {
  switch (plural) {
    case 'selfsubjectaccessreviews':
      return accessReview(body, user)
    case 'selfsubjectrulesreviews':
      return rulesReview(body, user)
    case 'selfsubjectreviews':
      return {
        kind: 'SelfSubjectReview',
        apiVersion: 'authentication.k8s.io/v1',
        metadata: {},
        status: { userInfo: { username: user.name, groups: user.groups } },
      }
    case 'tokenreviews':
      return tokenReview(body)
    default:
      return undefined
  }
}

function accessReview(body: JsonRecord, user: User): JsonRecord {
  const spec = asRecord(body.spec)
  const asked = asRecord(spec.resourceAttributes)
  const path = at(spec, 'nonResourceAttributes', 'path')
  const subresource = asText(asked.subresource)
  const plural = asText(asked.resource)
  const isAllowed =
    typeof path === 'string' ||
    mayDo(user, {
      verb: asText(asked.verb),
      group: asText(asked.group),
      resource: subresource === '' ? plural : `${plural}/${subresource}`,
      namespace: asText(asked.namespace),
    })
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec,
    status: isAllowed
      ? { allowed: true, reason: `RBAC: allowed by role of user ${JSON.stringify(user.name)}` }
      : { allowed: false },
  }
}

function rulesReview(body: JsonRecord, user: User): JsonRecord {
  const namespace = asText(asRecord(body.spec).namespace)
  return {
    kind: 'SelfSubjectRulesReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: asRecord(body.spec),
    status: {
      resourceRules: user.rules
        .filter((rule) => rule.namespaces === undefined || rule.namespaces.includes(namespace))
        .map(({ verbs, apiGroups, resources }) => ({ verbs, apiGroups, resources })),
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['*'] }],
      incomplete: false,
    },
  }
}

function tokenReview(body: JsonRecord): JsonRecord {
  const spec = asRecord(body.spec)
  const user = DEMO_USERS.get(asText(spec.token))
  return {
    kind: 'TokenReview',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {},
    spec,
    status:
      user === undefined
        ? { user: {}, error: 'invalid bearer token' }
        : { authenticated: true, user: { username: user.name, groups: user.groups } },
  }
}
