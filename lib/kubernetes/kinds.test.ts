import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import { findServed, qualifiedKind, resourcePath, WATCHED_KINDS } from './kinds'
import { noticesOf } from './watching/notices'
import type { KindReport } from './watching/notices'

const wanted = (name: string) => present(WATCHED_KINDS.find((one) => qualifiedKind(one) === name))
const resource = (kind: string, name: string, verbs = ['get', 'list', 'watch']) => ({
  kind,
  name,
  namespaced: true,
  verbs,
})

describe('findServed', () => {
  it('takes the best version we know in which the kind is served', () => {
    const api = {
      resources: new Map([
        ['networking.istio.io/v1beta1', [resource('VirtualService', 'virtualservices')]],
        ['networking.istio.io/v1', [resource('Gateway', 'gateways')]],
        ['networking.istio.io/v2', [resource('VirtualService', 'virtualservices')]],
      ]),
    }
    expect(findServed(wanted('VirtualService.networking.istio.io'), api)?.version).toBe('v1beta1')
    expect(findServed(wanted('Gateway.networking.istio.io'), api)?.version).toBe('v1')
    expect(findServed(wanted('Gateway.gateway.networking.k8s.io'), api)).toBeUndefined()
  })

  it('needs list and watch, and does not take a subresource for the kind', () => {
    const served = (...resources: ReturnType<typeof resource>[]) =>
      findServed(wanted('Pod'), { resources: new Map([['v1', resources]]) })
    expect(served(resource('Pod', 'pods', ['get', 'list']))).toBeUndefined()
    expect(served(resource('Pod', 'pods/status'), resource('Pod', 'pods'))?.plural).toBe('pods')
  })
})

it('names every watched kind once', () => {
  const names = WATCHED_KINDS.map(qualifiedKind)
  expect(new Set(names).size).toBe(names.length)
})

it.each([
  [{ group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true }, undefined, '/api/v1/pods'],
  [
    { group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true },
    'a',
    '/api/v1/namespaces/a/pods',
  ],
  [
    { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', isNamespaced: true },
    undefined,
    '/apis/apps/v1/deployments',
  ],
  [
    { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', isNamespaced: false },
    'a',
    '/api/v1/namespaces',
  ],
])('path of %j in %s', (served, namespace, path) => {
  expect(resourcePath(served, namespace)).toBe(path)
})

describe('noticesOf', () => {
  const report = (kind: string, state: KindReport['state'], lastHeardAt: number | null = 1): KindReport => ({
    kind,
    state,
    lastHeardAt,
  })

  it('says nothing while all is well, nor about kinds that few clusters have', () => {
    const reports = [report('Pod', 'watching'), report('Canary.flagger.app', 'absent')]
    expect(noticesOf(WATCHED_KINDS, reports, [])).toEqual([])
  })

  it('names absent, forbidden and silent kinds and unreadable objects', () => {
    const reports = [
      report('VirtualService.networking.istio.io', 'absent'),
      report('Pod', 'forbidden'),
      report('Service', 'retrying'),
      report('Namespace', 'retrying', null),
    ]
    const broken = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `Pod n/${name}`)
    expect(noticesOf(WATCHED_KINDS, reports, broken)).toEqual([
      {
        code: 'kinds-absent',
        message:
          'The cluster does not serve VirtualService.networking.istio.io; what depends on them stays empty.',
      },
      {
        code: 'kinds-forbidden',
        message: 'The account may not read Pod; grant it list and watch in all namespaces.',
      },
      {
        code: 'kinds-stale',
        message: 'No news of Service: the connection is being made again, the last known state is shown.',
      },
      {
        code: 'objects-unreadable',
        message:
          '7 objects could not be read and are left out: Pod n/a, Pod n/b, Pod n/c, Pod n/d, Pod n/e and 2 more.',
      },
    ])
  })
})
