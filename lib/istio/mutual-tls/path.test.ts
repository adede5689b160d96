import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, workload } from '@/tests/support/graph/samples'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { namespacePath } from './path'

const api = workload('api')
const db = workload('db', { kind: 'StatefulSet' })
const peer = (name: string, mode: string) => config('PeerAuthentication', name, { mtls: { mode } })
const allow = (name: string, labels: Record<string, string> | null, action?: string) =>
  config('AuthorizationPolicy', name, {
    ...(labels ? { selector: { matchLabels: labels } } : {}),
    ...(action ? { action } : {}),
    rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }],
  })
const dryRun = (object: ConfigObject): ConfigObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: { 'istio.io/dry-run': 'true' } },
})

function pathOf(
  objects: ConfigObject[],
  more: { proxied?: readonly boolean[]; labels?: Record<string, string>; callers?: number | null } = {},
) {
  const { proxied = [true, true], labels = { 'istio-injection': 'enabled' } } = more
  const index = indexInventory(
    inventory({
      namespaces: [
        { cluster: 'east', name: 'shop', labels, annotations: {} },
        { cluster: 'east', name: 'other', labels: { 'istio.io/rev': 'canary' }, annotations: {} },
      ],
      workloads: [api, db],
      pods: [api, db].map((each, at) => podOf(each, { hasSidecar: proxied[at] ?? true })),
      config: objects,
    }),
  )
  return namespacePath(index, 'shop', [api, db], more.callers === undefined ? 0 : more.callers)
}

describe('namespacePath', () => {
  it.each<[string, Parameters<typeof pathOf>, unknown[]]>([
    ['not in the mesh', [[], { proxied: [false, false], labels: {} }], ['outside', null, null]],
    [
      'not in a mesh that is STRICT: the mode before the proxies',
      [[peer('istio-system/default', 'STRICT')], { proxied: [false, false], labels: {} }],
      ['outside', 'PERMISSIVE', null],
    ],
    ['proxies without a policy', [[]], ['sidecars', 'PERMISSIVE', null]],
    ['switched off', [[peer('shop/default', 'DISABLE')]], ['sidecars', 'PERMISSIVE', 'UNSET']],
    ['PERMISSIVE', [[peer('shop/default', 'PERMISSIVE')]], ['permissive', 'STRICT', 'UNSET']],
    [
      'PERMISSIVE by the mesh: the way back is not here',
      [[peer('istio-system/default', 'PERMISSIVE')]],
      ['permissive', 'STRICT', null],
    ],
    ['STRICT', [[peer('shop/default', 'STRICT')]], ['strict', null, 'PERMISSIVE']],
    [
      'one of two with authorization',
      [[peer('shop/default', 'STRICT'), allow('shop/api', { app: 'api' })]],
      ['strict', null, 'PERMISSIVE'],
    ],
    [
      'DENY chooses nobody',
      [[peer('shop/default', 'STRICT'), allow('shop/all', null, 'DENY')]],
      ['strict', null, 'PERMISSIVE'],
    ],
    [
      'all with authorization',
      [[peer('shop/default', 'STRICT'), allow('shop/all', null)]],
      ['authorized', undefined, 'PERMISSIVE'],
    ],
    [
      'a dry run chooses nobody',
      [[peer('shop/default', 'STRICT'), dryRun(allow('shop/all', null))]],
      ['strict', null, 'PERMISSIVE'],
    ],
    [
      'a rule for everybody beside one for some chooses nobody',
      [
        [
          peer('shop/default', 'STRICT'),
          allow('shop/some', null),
          config('AuthorizationPolicy', 'shop/everybody', { rules: [{}] }),
        ],
      ],
      ['strict', null, 'PERMISSIVE'],
    ],
    [
      'no rule lets nobody in',
      [[peer('shop/default', 'STRICT'), config('AuthorizationPolicy', 'shop/nobody', {})]],
      ['authorized', undefined, 'PERMISSIVE'],
    ],
  ])('%s', (_name, args, want) => {
    const path = pathOf(...args)
    expect([path?.stage, path?.next?.mode, path?.back.mode]).toEqual(want)
    expect(path?.back.words).not.toBe('')
  })

  it('joins the way the mesh usually does', () => {
    expect(pathOf([], { proxied: [false, false], labels: {} })?.next?.commands).toEqual([
      'kubectl label namespace shop istio.io/rev=canary --overwrite',
      'kubectl -n shop rollout restart deployment/api',
      'kubectl -n shop rollout restart statefulset/db',
    ])
  })

  it('takes out the label it has', () => {
    expect(pathOf([])?.back.commands[0]).toBe('kubectl label namespace shop istio-injection-')
  })

  it('names who is left out, and how many call in plain text', () => {
    const path = pathOf([peer('shop/default', 'PERMISSIVE')], { proxied: [true, false], callers: 2 })
    expect(path?.words).toContain('1 of its 2 workloads has no proxy: db.')
    expect(path?.next?.words).toContain('2 callers still send plain text')
    expect(path).toMatchObject({ workloads: 2, withProxy: 1 })
    expect(pathOf([peer('shop/default', 'PERMISSIVE')], { callers: null })?.next?.words).toContain(
      'not measured',
    )
  })

  it('has nothing to say without workloads', () => {
    expect(namespacePath(indexInventory(inventory()), 'shop', [], null)).toBeNull()
  })
})
