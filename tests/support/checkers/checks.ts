/** Tables of cases for checkers: each code must be seen to fire and to stay silent. */
import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { analyze } from '@/lib/validation/analyze'
import type { Checker } from '@/lib/validation/finding'
import { createWorld, readMeshSettings, type WorldOptions } from '@/lib/validation/world'

export interface Case {
  objects: ConfigObject[]
  mesh?: Record<string, unknown>
  options?: WorldOptions
}

export interface Firing extends Case {
  /** `Kind namespace/name path`, or without the path where the whole object is meant; in any order */
  at: string[]
}

export interface CodeTable {
  fires: Record<string, Firing>
  silent: Record<string, Case>
}

/** Where a checker's findings of one code are, sorted. */
function places(checker: Checker, code: string, { objects, mesh, options }: Case): string[] {
  const world = createWorld(objects, readMeshSettings(mesh ?? null), options)
  return analyze(world, [checker])
    .filter((finding) => finding.code === code)
    .map(({ object, path }) => {
      const name = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`
      return path === null ? `${object.kind} ${name}` : `${object.kind} ${name} ${path}`
    })
    .sort()
}

/** Tests of a checker: one table a code, and no code without its table. */
export function checks(checker: Checker, tables: Record<string, CodeTable>): void {
  it('has every code of the checker in its table', () => {
    expect(Object.keys(tables).sort()).toEqual(Object.keys(checker.codes).sort())
  })
  for (const [code, { fires, silent }] of Object.entries(tables)) {
    describe(code, () => {
      it('is seen to fire and to stay silent', () => {
        expect(Object.keys(fires).length).toBeGreaterThan(0)
        expect(Object.keys(silent).length).toBeGreaterThan(0)
      })
      it.each(Object.entries(fires))('fires on %s', (_, test) => {
        expect(places(checker, code, test)).toEqual([...test.at].sort())
      })
      it.each(Object.entries(silent))('is silent on %s', (_, test) => {
        expect(places(checker, code, test)).toEqual([])
      })
    })
  }
}

type Metadata = Partial<ConfigObject['metadata']>

/** `shop/reviews` as namespace and name; a bare name has no namespace. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec?: unknown,
  metadata: Metadata = {},
  rest: Record<string, unknown> = {},
): ConfigObject {
  const slash = name.indexOf('/')
  const place = slash < 0 ? { name } : { namespace: name.slice(0, slash), name: name.slice(slash + 1) }
  return {
    apiVersion,
    kind,
    metadata: { ...place, ...metadata },
    ...(spec === undefined ? {} : { spec }),
    ...rest,
  }
}

type Maker = (name: string, spec?: unknown, metadata?: Metadata) => ConfigObject

const maker =
  (apiVersion: string, kind: string): Maker =>
  (name, spec, metadata) =>
    object(apiVersion, kind, name, spec, metadata)

export const virtualService = maker('networking.istio.io/v1', 'VirtualService')
export const destinationRule = maker('networking.istio.io/v1', 'DestinationRule')
export const gateway = maker('networking.istio.io/v1', 'Gateway')
export const serviceEntry = maker('networking.istio.io/v1', 'ServiceEntry')
export const sidecar = maker('networking.istio.io/v1', 'Sidecar')
export const envoyFilter = maker('networking.istio.io/v1alpha3', 'EnvoyFilter')
export const peerAuthentication = maker('security.istio.io/v1', 'PeerAuthentication')
export const requestAuthentication = maker('security.istio.io/v1', 'RequestAuthentication')
export const authorizationPolicy = maker('security.istio.io/v1', 'AuthorizationPolicy')
export const telemetry = maker('telemetry.istio.io/v1', 'Telemetry')
export const service = maker('v1', 'Service')
export const deployment = maker('apps/v1', 'Deployment')
export const k8sGateway = maker('gateway.networking.k8s.io/v1', 'Gateway')

export const namespace = (name: string, labels: Record<string, string> = {}, metadata: Metadata = {}) =>
  object('v1', 'Namespace', name, undefined, { labels, ...metadata })

export const pod = (
  name: string,
  labels: Record<string, string> = {},
  spec: unknown = {},
  metadata: Metadata = {},
) => object('v1', 'Pod', name, spec, { labels, ...metadata })

/** A service of HTTP ports. */
export const httpService = (name: string, ...ports: number[]) =>
  service(name, { ports: ports.map((port) => ({ name: `http-${port}`, port })) })
