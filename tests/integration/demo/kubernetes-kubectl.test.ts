/** A real kubectl, whichever version is on PATH, against the embedded mesh's Kubernetes API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { kubeconfigFor } from '@/lib/demo/kubeconfig'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import { createWorld } from '@/lib/demo/world/create-world'
import { isKubectlLeftOut, startKubectl } from '@/tests/support/kubernetes/kubectl'
import type { Kubectl } from '@/tests/support/kubernetes/kubectl'
import { serveLoopback, type Loopback } from '../../support/loopback'

const NOW = Date.UTC(2026, 0, 1)

const CANARY = `apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: { name: canary, namespace: bookinfo }
spec:
  hosts: [ratings]
  http:
    - route:
        - { destination: { host: ratings, subset: v1 }, weight: 90 }
        - { destination: { host: ratings, subset: v2 }, weight: 10 }
`

const PROBE = `apiVersion: apps/v1
kind: Deployment
metadata: { name: probe, namespace: bookinfo }
spec:
  replicas: 2
  selector: { matchLabels: { app: probe } }
  template:
    metadata: { labels: { app: probe } }
    spec:
      containers:
        - { name: probe, image: "example/probe:1", env: [{ name: A, value: "1" }] }
`

describe.skipIf(isKubectlLeftOut)('kubectl', () => {
  let now = NOW
  let store: ObjectStore
  let server: Loopback
  let kubectl: Kubectl

  beforeAll(async () => {
    store = new ObjectStore(createWorld({ now: NOW }).objects, { now: () => now })
    reconcileWorkloads(store, now)
    server = await serveLoopback(kubernetesHandler({ store, now: () => now }))
    kubectl = await startKubectl(kubeconfigFor('east', server.url))
  })
  afterAll(async () => {
    await kubectl?.close()
    await server?.close()
  })

  /** Output of a command that must succeed. */
  const ok = async (...args: string[]) => {
    const ran = await kubectl.run(args)
    if (ran.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${ran.stderr}`)
    return ran.stdout
  }
  const apply = async (name: string, text: string, ...flags: string[]) =>
    kubectl.run(['apply', ...flags, '-f', await kubectl.file(name, text)])
  const canary = () => store.get({ kind: 'VirtualService', namespace: 'bookinfo', name: 'canary' })

  it('gets tables, whole objects and everything of a namespace', async () => {
    expect(await ok('get', 'vs', '-n', 'bookinfo')).toMatch(/^NAME\s+GATEWAYS\s+HOSTS\s+AGE\n/)
    expect(await ok('get', 'all', '-n', 'bookinfo')).toMatch(/pod\/reviews-v1-\S+\s+2\/2\s+Running\s+0/)
    expect(await ok('get', 'deploy', '-n', 'bookinfo', '-o', 'wide')).toMatch(/reviews-v1\s+3\/3\s+3\s+3/)
    const object = parse(await ok('get', 'vs', 'reviews', '-n', 'bookinfo', '-o', 'yaml')) as Record<
      string,
      unknown
    >
    expect(object).toMatchObject({ kind: 'VirtualService', spec: { hosts: ['reviews'] } })
    expect(await ok('get', 'gateways.gateway.networking.k8s.io', '-A')).toMatch(/PROGRAMMED/)
    const paged = await ok('get', 'pods', '-A', '--chunk-size=7', '--no-headers')
    expect(paged.trim().split('\n')).toHaveLength(store.list('Pod').length)
  })

  it('describes objects with their events', async () => {
    await ok('scale', 'deploy/ratings-v1', '-n', 'bookinfo', '--replicas=2')
    const described = await ok('describe', 'deploy', 'ratings-v1', '-n', 'bookinfo')
    expect(described).toMatch(/ScalingReplicaSet/)
    expect(await ok('describe', 'vs', 'reviews', '-n', 'bookinfo')).toMatch(/Subset:\s+v2/)
    const pod = store.list('Pod', 'bookinfo')[0]?.metadata.name ?? ''
    expect(await ok('describe', 'pod', pod, '-n', 'bookinfo')).toMatch(/istio-proxy:/)
    expect(await ok('describe', 'node', 'node-1')).toMatch(/Non-terminated Pods/)
    expect(await ok('describe', 'svc', 'reviews', '-n', 'bookinfo')).toMatch(/Endpoints:\s+10\./)
  })

  it('applies, changes and deletes an Istio object', async () => {
    expect((await apply('canary.yaml', CANARY)).stdout).toContain('created')
    expect(canary()?.apiVersion).toBe('networking.istio.io/v1')
    const moved = CANARY.replace('weight: 90', 'weight: 50').replace('weight: 10 ', 'weight: 50 ')
    expect((await apply('canary.yaml', moved, '--dry-run=server')).stdout).toContain('server dry run')
    expect(canary()?.metadata.generation).toBe(1)
    expect((await apply('canary.yaml', moved)).stdout).toContain('configured')
    expect(canary()).toMatchObject({
      metadata: { generation: 2 },
      spec: { http: [{ route: [{ weight: 50 }, { weight: 50 }] }] },
    })
    expect((await apply('canary.yaml', moved)).stdout).toContain('unchanged')
    expect(await ok('delete', 'vs', 'canary', '-n', 'bookinfo')).toContain('deleted')
    expect(canary()).toBeUndefined()
  })

  it.each([
    ['a field nobody knows', CANARY.replace('hosts:', 'hostz:'), /unknown field "(spec\.)?hostz"/],
    ['a value of another type', CANARY.replace('weight: 90', 'weight: most'), /weight/],
    [
      'what the webhook refuses',
      CANARY.replace('weight: 90', 'weight: -90'),
      /denied the request.*weight -90 < 0/,
    ],
  ])('is told of %s', async (_name, text, message) => {
    const ran = await apply('broken.yaml', text)
    expect([ran.code, canary()]).toEqual([1, undefined])
    expect(ran.stderr).toMatch(message)
  })

  it('applies from the server side and reports whose fields it would take', async () => {
    await apply('canary.yaml', CANARY, '--server-side')
    const other = CANARY.replace('weight: 90', 'weight: 60').replace('weight: 10 ', 'weight: 40 ')
    const refused = await apply('canary.yaml', other, '--server-side', '--field-manager=other')
    expect(refused.stderr).toContain('conflict with "kubectl": .spec.http')
    const forced = await apply(
      'canary.yaml',
      other,
      '--server-side',
      '--field-manager=other',
      '--force-conflicts',
    )
    expect(forced.code).toBe(0)
    await ok('delete', 'vs', 'canary', '-n', 'bookinfo')
  })

  it('edits with an editor', async () => {
    await apply('canary.yaml', CANARY)
    const editor = await kubectl.file(
      'editor.sh',
      '#!/bin/sh\nsed -i "s/weight: 90/weight: 75/; s/weight: 10$/weight: 25/" "$1"\n',
    )
    const ran = await kubectl.run(['edit', 'vs', 'canary', '-n', 'bookinfo'], {
      env: { KUBE_EDITOR: `sh ${editor}` },
    })
    expect(ran.stdout).toContain('edited')
    expect(canary()).toMatchObject({ spec: { http: [{ route: [{ weight: 75 }, { weight: 25 }] }] } })
    await ok('delete', 'vs', 'canary', '-n', 'bookinfo')
  })

  it('changes built-in objects item by item, and their pods follow', async () => {
    await apply('probe.yaml', PROBE)
    await apply('probe.yaml', PROBE.replace('name: A', 'name: B'))
    const spec = await ok(
      'get',
      'deploy',
      'probe',
      '-n',
      'bookinfo',
      '-o',
      'jsonpath={.spec.template.spec.containers[0].env}',
    )
    expect(JSON.parse(spec)).toEqual([{ name: 'B', value: '1' }])
    now += 3_600_000
    reconcileWorkloads(store, now)
    await ok('rollout', 'status', 'deploy/probe', '-n', 'bookinfo', '--timeout=10s')
    await ok('rollout', 'restart', 'deploy/probe', '-n', 'bookinfo')
    expect(
      store.list('ReplicaSet', 'bookinfo').filter((set) => set.metadata.name.startsWith('probe-')),
    ).toHaveLength(3)
    await ok('rollout', 'undo', 'deploy/probe', '-n', 'bookinfo', '--to-revision=1')
    await ok('delete', 'deploy', 'probe', '-n', 'bookinfo')
    expect(store.list('Pod', 'bookinfo').some((pod) => pod.metadata.name.startsWith('probe-'))).toBe(false)
  })

  it('watches', async () => {
    const watch = kubectl.start(['get', 'vs', '-n', 'bookinfo', '-w', '--no-headers', '-o', 'name'])
    for (const object of store.list('VirtualService', 'bookinfo')) {
      expect(await watch.nextLine()).toBe(`virtualservice.networking.istio.io/${object.metadata.name}`)
    }
    await apply('canary.yaml', CANARY)
    expect(await watch.nextLine()).toBe('virtualservice.networking.istio.io/canary')
    watch.stop()
    await ok('delete', '-f', await kubectl.file('canary.yaml', CANARY))
  })

  it('reads logs', async () => {
    const lines = await ok('logs', 'deploy/reviews-v1', '-n', 'bookinfo', '-c', 'istio-proxy', '--tail=3')
    expect(lines.trim().split('\n')).toHaveLength(3)
    expect(lines).toMatch(/"GET \S+ HTTP\/1\.1" \d{3}/)
  })

  it('explains fields from the schema', async () => {
    expect(await ok('explain', 'virtualservice.spec.http.retries')).toMatch(/attempts\s+<integer>/)
    expect(await ok('explain', 'deployment.spec.template.spec.containers')).toMatch(/imagePullPolicy/)
  })

  it('labels, patches, makes namespaces and asks what it may do', async () => {
    await ok('create', 'namespace', 'scratch')
    await ok('label', 'namespace', 'scratch', 'istio-injection=enabled')
    await ok('create', 'configmap', 'notes', '-n', 'scratch', '--from-literal=a=b')
    await ok('create', 'deployment', 'web', '-n', 'scratch', '--image=example/web:1', '--replicas=2')
    const pods = store.list('Pod', 'scratch')
    expect(pods.map((pod) => pod.metadata.annotations?.['istio.io/rev'])).toEqual(['default', 'default'])
    await ok('patch', 'deploy', 'web', '-n', 'scratch', '-p', '{"spec":{"replicas":1}}')
    expect(store.list('Pod', 'scratch')).toHaveLength(1)
    await ok('delete', 'namespace', 'scratch')
    expect(store.list('ConfigMap', 'scratch')).toEqual([])
    expect(
      (await ok('auth', 'can-i', 'delete', 'virtualservices.networking.istio.io', '-n', 'bookinfo')).trim(),
    ).toBe('yes')
    const denied = await kubectl.run([
      '--context',
      'demo-viewer@east',
      'delete',
      'vs',
      'reviews',
      '-n',
      'bookinfo',
    ])
    expect(denied.stderr).toContain('User "demo-viewer" cannot delete resource "virtualservices"')
  })
})
