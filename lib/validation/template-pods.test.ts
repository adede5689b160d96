import { describe, expect, it } from 'vitest'
import { deployment, namespace, pod } from '@/tests/support/checkers/checks'
import { analyzeDocuments } from './analyze-documents'
import { templatePods } from './template-pods'

const web = (metadata: object = {}, spec: object = {}) =>
  deployment('shop/web', {
    template: {
      metadata: { labels: { app: 'web' }, ...metadata },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    },
    ...spec,
  })
const out = { annotations: { 'sidecar.istio.io/inject': 'false' } }

describe('templatePods', () => {
  it.each<[string, Parameters<typeof templatePods>[0], string[][]]>([
    [
      'with a sidecar where injection is on',
      [namespace('shop', { 'istio-injection': 'enabled' }), web()],
      [['web', 'istio-proxy']],
    ],
    [
      'with a sidecar of a revision',
      [namespace('shop', { 'istio.io/rev': 'canary' }), web()],
      [['web', 'istio-proxy']],
    ],
    ['with a sidecar where the namespace is not told', [web()], [['web', 'istio-proxy']]],
    ['without one where the namespace has no label', [namespace('shop'), web()], [['web']]],
    ['without one where the pods stay out', [web(out)], [['web']]],
    [
      'without one in ambient mode',
      [namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }), web()],
      [['web']],
    ],
    ['not beside pods that are there', [web(), pod('shop/web-1', { app: 'web' })], []],
    ['not of a workload that runs none', [web({}, { replicas: 0 })], []],
  ])('makes them %s', (_, objects, expected) => {
    const containers = templatePods(objects).map(
      (one) => (one.spec as { containers: { name: string }[] }).containers,
    )
    expect(containers.map((list) => list.map(({ name }) => name))).toEqual(expected)
  })
})

const MANIFESTS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-v1, namespace: shop}
spec: {template: {metadata: {labels: {app: web, version: v1}}, spec: {containers: [{name: web, image: 'web:1'}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: shop}
spec:
  host: web
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, rules: [{to: [{operation: {methods: [GET]}}]}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: web, namespace: shop}
spec: {workloadSelector: {labels: {app: web}}, egress: [{hosts: ['./*']}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]}
`

describe('documents of workloads without pods', () => {
  it('are no reason to say that nothing is selected', () => {
    expect(analyzeDocuments({ documents: MANIFESTS })).toEqual({ findings: [], problems: [] })
  })

  it('still show what no template has', () => {
    const documents = MANIFESTS.replace(
      'subsets: [{name: v1, labels: {version: v1}}]',
      'subsets: [{name: v2, labels: {version: v2}}]',
    )
    expect(analyzeDocuments({ documents }).findings.map(({ code }) => code)).toEqual(['IST0173'])
  })
})
