import { WasmPlugin } from '@kubernetes-models/istio/extensions.istio.io/v1alpha1/WasmPlugin'
import { DestinationRule } from '@kubernetes-models/istio/networking.istio.io/v1/DestinationRule'
import { Gateway } from '@kubernetes-models/istio/networking.istio.io/v1/Gateway'
import { ServiceEntry } from '@kubernetes-models/istio/networking.istio.io/v1/ServiceEntry'
import { Sidecar } from '@kubernetes-models/istio/networking.istio.io/v1/Sidecar'
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService'
import { WorkloadEntry } from '@kubernetes-models/istio/networking.istio.io/v1/WorkloadEntry'
import { WorkloadGroup } from '@kubernetes-models/istio/networking.istio.io/v1/WorkloadGroup'
import { EnvoyFilter } from '@kubernetes-models/istio/networking.istio.io/v1alpha3/EnvoyFilter'
import { ProxyConfig } from '@kubernetes-models/istio/networking.istio.io/v1beta1/ProxyConfig'
import { AuthorizationPolicy } from '@kubernetes-models/istio/security.istio.io/v1/AuthorizationPolicy'
import { PeerAuthentication } from '@kubernetes-models/istio/security.istio.io/v1/PeerAuthentication'
import { RequestAuthentication } from '@kubernetes-models/istio/security.istio.io/v1/RequestAuthentication'
import { Telemetry } from '@kubernetes-models/istio/telemetry.istio.io/v1/Telemetry'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker, FieldPath } from '@/lib/validation/finding'
import { asFields, asList, asText, isFields, items } from '@/lib/validation/read'
import { kindKey, namespaceOf } from '@/lib/validation/world'
import { applyRules, RULED_KINDS } from './istio-rules'

/** Models of the newest version of each kind: older versions of these kinds have the same fields. */
const MODELS = {
  AuthorizationPolicy,
  DestinationRule,
  EnvoyFilter,
  Gateway,
  PeerAuthentication,
  ProxyConfig,
  RequestAuthentication,
  ServiceEntry,
  Sidecar,
  Telemetry,
  VirtualService,
  WasmPlugin,
  WorkloadEntry,
  WorkloadGroup,
}

/**
 * The shape that the definitions of Istio's kinds demand: types and allowed words. What is required, what excludes
 * each other and ranges, istiod's own rules say better.
 * The schemas weigh more than all other checkers: only the server uses this one.
 */
export const shape: Checker = {
  codes: { IST0106: 'error' },
  check(world, report) {
    for (const kind of RULED_KINDS)
      world.each(kind, (object) => {
        const problems = shapeProblems(object)
        if (problems.length === 0) return
        const said = new Set<string>()
        applyRules(object, { error: (path) => said.add(path.join('\0')), warning: () => undefined })
        for (const { path, message } of problems) {
          if (!said.has(path.join('\0'))) report('IST0106', object, path, message)
        }
      })
  },
}

interface Problem {
  path: FieldPath
  message: string
}

function shapeProblems(object: ConfigObject): Problem[] {
  const model = MODELS[object.kind as keyof typeof MODELS] as { prototype: { validate(): void } } | undefined
  if (!model || !RULED_KINDS.includes(kindKey(object))) return []
  // the model knows its own version; the others differ in nothing but the name
  const group = kindKey(object).split('/')[0] ?? ''
  const version = versionOf(object.kind)
  const candidate = {
    ...object,
    apiVersion: `${group}/${version}`,
    metadata: { name: 'x', namespace: namespaceOf(object) },
  }
  try {
    model.prototype.validate.call(candidate)
    return []
  } catch (error) {
    return items(error instanceof Error && 'errors' in error ? error.errors : []).flatMap(([one]) => {
      const problem = describe(object, one)
      return problem ? [problem] : []
    })
  }
}

function versionOf(kind: string): string {
  if (kind === 'WasmPlugin') return 'v1alpha1'
  if (kind === 'EnvoyFilter') return 'v1alpha3'
  return kind === 'ProxyConfig' ? 'v1beta1' : 'v1'
}

function describe(object: ConfigObject, error: Readonly<Record<string, unknown>>): Problem | undefined {
  const path = asText(error.instancePath)
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const params = asFields(error.params)
  const { at, value } = follow(object, path)
  // status is not written by people
  if (at[0] !== 'spec') return undefined
  switch (error.keyword) {
    case 'type':
      return { path: at, message: `This must be ${article(asText(params.type))}, not ${nameOf(value)}.` }
    case 'enum': {
      const words = asList(params.allowedValues).filter((word) => typeof word === 'string')
      return { path: at, message: `${String(value)} is not allowed here. Use one of ${words.join(', ')}.` }
    }
    default:
      return undefined
  }
}

/** Path with numbers where lists are, and the value there. */
function follow(object: ConfigObject, path: readonly string[]): { at: (string | number)[]; value: unknown } {
  let value: unknown = object
  const at = path.map((part) => {
    const key = Array.isArray(value) ? Number(part) : part
    value = Array.isArray(value)
      ? (value as unknown[])[Number(part)]
      : isFields(value)
        ? value[part]
        : undefined
    return key
  })
  return { at, value }
}

const ARTICLES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object with fields',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
}

function article(type: string): string {
  return ARTICLES[type] ?? type
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value === null) return 'null'
  return typeof value === 'number' && !Number.isInteger(value) ? 'a fraction' : article(typeof value)
}
