import { actionOf } from '@/lib/istio/authorization'
import type { FieldPath } from '@/lib/validation/finding'
import { isSubnet } from '@/lib/validation/lookups/addresses'
import {
  annotationsOf,
  asFields,
  asList,
  asText,
  asTexts,
  isFields,
  items,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { checkTargets } from './policies'
import type { Rules, Say } from './say'

const ADDRESSES = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks']
const NAMES = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces']
const ACCOUNTS = ['serviceAccounts', 'notServiceAccounts']
const REQUESTS = ['requestPrincipals', 'notRequestPrincipals']
const OPERATIONS = ['ports', 'methods', 'paths', 'hosts', 'notPorts', 'notMethods', 'notPaths', 'notHosts']

/** Source: istio/istio pkg/config/validation/validation.go, ValidateAuthorizationPolicy */
export const authorizationRules: Rules = (object, say) => {
  const spec = specOf(object)
  const action = actionOf(object)
  const rules = items(spec.rules)
  checkDryRun(annotationsOf(object)['istio.io/dry-run'], action, say)
  checkTargets(spec, say)
  if (action === 'CUSTOM') checkCustom(spec, say)
  else if (isFields(spec.provider)) {
    say.error(
      ['spec', 'provider'],
      `A provider goes with action CUSTOM, not ${action}. Remove it, or change the action.`,
    )
  }
  if (action === 'DENY' && rules.length === 0) {
    say.error(['spec'], 'DENY without rules denies nothing. Add a rule; an empty one ({}) denies everything.')
  }
  for (const [rule, index] of rules) checkRule(rule, ['spec', 'rules', index], action, say)
}

function checkDryRun(value: string | undefined, action: string, say: Say): void {
  if (value === undefined) return
  const path = ['metadata', 'annotations', 'istio.io/dry-run']
  if (action !== 'ALLOW' && action !== 'DENY')
    say.error(path, `Only ALLOW and DENY can be tried, not ${action}. Remove the annotation.`)
  else if (!/^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value))
    say.error(path, `${value} is neither true nor false.`)
}

function checkCustom(spec: Fields, say: Say): void {
  const rules = items(spec.rules)
  if (rules.length === 0)
    say.error(
      ['spec'],
      'CUSTOM without rules asks nobody. Add a rule; an empty one ({}) asks about every request.',
    )
  else if (asText(asFields(spec.provider).name) === '')
    say.error(['spec'], 'Action CUSTOM needs provider.name.')
  for (const [rule, i] of rules) {
    for (const [from, j] of items(rule.from)) {
      for (const field of [...NAMES, ...ACCOUNTS, ...REQUESTS]) {
        if (asList(asFields(from.source)[field]).length === 0) continue
        say.error(
          ['spec', 'rules', i, 'from', j, 'source', field],
          `Action CUSTOM cannot match ${field}. Match by address, path or host.`,
        )
      }
    }
    for (const [condition, j] of items(rule.when)) {
      const key = asText(condition.key)
      if (
        !['source.namespace', 'source.serviceAccount', 'source.principal'].includes(key) &&
        !key.startsWith('request.auth.')
      )
        continue
      say.error(['spec', 'rules', i, 'when', j, 'key'], `Action CUSTOM cannot match ${key}.`)
    }
  }
}

function checkRule(rule: Fields, path: FieldPath, action: string, say: Say): void {
  let hasSource = false
  let hasOperation = false
  let isTcpSource = false
  let isTcpOperation = false
  for (const [from, index] of items(rule.from)) {
    const at = [...path, 'from', index]
    if (!isFields(from.source)) {
      say.error(at, 'An entry of from needs a source.')
      continue
    }
    hasSource = true
    const { source } = from
    checkSource(source, [...at, 'source'], say)
    isTcpSource ||= [...NAMES, ...ADDRESSES, ...ACCOUNTS].some((field) => asList(source[field]).length > 0)
  }
  for (const [to, index] of items(rule.to)) {
    const at = [...path, 'to', index]
    if (!isFields(to.operation)) {
      say.error(at, 'An entry of to needs an operation.')
      continue
    }
    hasOperation = true
    checkOperation(to.operation, [...at, 'operation'], say)
    isTcpOperation ||= asList(to.operation.ports).length + asList(to.operation.notPorts).length > 0
  }
  for (const [condition, index] of items(rule.when)) checkCondition(condition, [...path, 'when', index], say)
  const deniesTcp = (hasSource && !hasOperation && !isTcpSource) || (hasOperation && !isTcpOperation)
  if (action === 'DENY' && deniesTcp) {
    say.warning(
      path,
      'The rule denies by properties of HTTP only; for TCP ports that means all traffic. Name the ports it is for.',
    )
  }
}

function checkSource(source: Fields, path: FieldPath, say: Say): void {
  const all = [...NAMES, ...ACCOUNTS, ...REQUESTS, ...ADDRESSES]
  const has = (field: string) => asList(source[field]).length > 0
  if (!all.some(has))
    say.error(path, 'The source is empty and matches nothing. Name principals, namespaces or addresses.')
  if (ACCOUNTS.some(has) && NAMES.some(has)) {
    say.error(path, 'serviceAccounts exclude principals and namespaces. Leave one kind.')
  }
  for (const field of all) checkEmpty(source[field], [...path, field], say)
  for (const field of ADDRESSES) checkSubnets(source[field], [...path, field], say)
  for (const field of ACCOUNTS) {
    for (const [index, account] of asTexts(source[field]).entries()) {
      if (!/^([^/*]+\/)?[^/*]+$/.test(account) || account.length > 320) {
        say.error(
          [...path, field, index],
          `${account} is no service account. Write name, or namespace/name, without wildcards.`,
        )
      }
    }
  }
}

function checkOperation(operation: Fields, path: FieldPath, say: Say): void {
  if (!OPERATIONS.some((field) => asList(operation[field]).length > 0)) {
    say.error(path, 'The operation is empty and matches nothing. Name ports, methods, paths or hosts.')
  }
  for (const field of OPERATIONS) checkEmpty(operation[field], [...path, field], say)
  for (const field of ['ports', 'notPorts']) checkPorts(operation[field], [...path, field], say)
  for (const field of ['paths', 'notPaths']) {
    for (const [index, value] of asTexts(operation[field]).entries()) {
      const problem = templateProblem(value)
      if (problem !== undefined)
        say.error([...path, field, index], `The path ${value} cannot be used: ${problem}.`)
    }
  }
}

function checkEmpty(values: unknown, path: FieldPath, say: Say): void {
  for (const [index, value] of asList(values).entries()) {
    if (value === '')
      say.error([...path, index], 'An empty value matches nothing. Remove it; * stands for any.')
  }
}

function checkSubnets(values: unknown, path: FieldPath, say: Say): void {
  for (const [index, value] of asTexts(values).entries()) {
    if (value !== '' && !isSubnet(value)) say.error([...path, index], `${value} is no address and no range.`)
  }
}

function checkPorts(values: unknown, path: FieldPath, say: Say): void {
  for (const [index, value] of asTexts(values).entries()) {
    if (value !== '' && !(/^\d+$/.test(value) && Number(value) <= 65535))
      say.error([...path, index], `${value} is no port.`)
  }
}

/** Paths may hold {*} for one part and, at the end, {**} for any rest. */
function templateProblem(path: string): string | undefined {
  const isTemplate = path.includes('{*}') || path.includes('{**}')
  let isLast = false
  for (const part of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (part === '{*}' || part === '{**}') {
      if (isLast) return '{**} must come last'
      isLast = part === '{**}'
    } else if (/[{}]/.test(part)) {
      return 'braces are for {*} and {**} as whole parts'
    } else if (isTemplate && !/^[-a-zA-Z0-9._~%!$&'()+,;:@=]*$/.test(part)) {
      return `its part ${part} does not fit beside {*}`
    }
  }
  return undefined
}

const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.']
const PLAIN = new Set([
  ...['source.namespace', 'source.principal', 'request.auth.principal', 'request.auth.audiences'],
  ...['request.auth.presenter', 'connection.sni', 'source.serviceAccount'],
])

function checkCondition(condition: Fields, path: FieldPath, say: Say): void {
  const key = asText(condition.key)
  const fields = ['values', 'notValues']
  if (key === '') {
    say.error(path, 'A condition needs a key.')
    return
  }
  if (fields.every((field) => asList(condition[field]).length === 0)) {
    say.error(path, `The condition on ${key} has nothing to compare with. Add values or notValues.`)
    return
  }
  for (const field of fields) checkEmpty(condition[field], [...path, field], say)
  if (['source.ip', 'remote.ip', 'destination.ip'].includes(key)) {
    for (const field of fields) checkSubnets(condition[field], [...path, field], say)
  } else if (key === 'destination.port') {
    for (const field of fields) checkPorts(condition[field], [...path, field], say)
  } else if (MAPS.some((prefix) => key.startsWith(prefix))) {
    if (!/^[^[\]]+\[.*\]$/.test(key))
      say.error([...path, 'key'], `${key} needs a name in brackets, such as request.headers[x-user].`)
  } else if (!PLAIN.has(key)) {
    say.error(
      [...path, 'key'],
      `There is no attribute ${key} to compare. Attributes are listed under authorization policy conditions of Istio.`,
    )
  }
}
