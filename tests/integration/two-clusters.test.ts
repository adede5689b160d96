/** Findings about what two clusters of one mesh have to agree on. */
import { expect, it, onTestFinished } from 'vitest'
import { GET as getFindingsRoute } from '@/app/api/v1/findings/route'
import { GET as getStatusRoute } from '@/app/api/v1/status/route'
import { LiveFindingList } from '@/lib/api/schemas/config/analyze'
import { Status } from '@/lib/api/schemas/status'
import type { KubernetesObject } from '@/lib/demo/model'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams } from '@/lib/server/upstreams'
import { START, startCluster } from '../support/kubernetes/kubernetes-cluster'
import { manualClock } from '../support/heddle/manual-clock'
import { until } from '../support/until'
import { kubeconfigText } from '../support/kubernetes/kubeconfig-text'

const made = (apiVersion: string, kind: string, at: string, rest: object): KubernetesObject => {
  const [namespace = '', name = ''] = at.split('/')
  // written by hand in this file
  return { apiVersion, kind, metadata: { namespace, name }, ...rest } as KubernetesObject
}
const cart = (spec: object) =>
  made('v1', 'Service', 'shop/cart', {
    spec: { selector: { app: 'cart' }, ports: [{ name: 'http', port: 80 }], ...spec },
  })
const account = (name: string) => made('v1', 'ServiceAccount', `shop/${name}`, {})
const rootNamespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } }

it('tells services that differ, accounts of the other cluster, and networks without a secret', async () => {
  const principals = ['away', 'nowhere'].map((name) => `cluster.local/ns/shop/sa/${name}`)
  const east = await startCluster([
    rootNamespace,
    cart({ clusterIP: '10.0.0.7' }),
    account('here'),
    made('security.istio.io/v1', 'AuthorizationPolicy', 'shop/callers', {
      spec: { rules: [{ from: [{ source: { principals } }] }] },
    }),
    made('v1', 'ConfigMap', 'istio-system/istio', {
      data: {
        mesh: 'rootNamespace: istio-system',
        meshNetworks:
          'networks: {e: {endpoints: [{fromRegistry: east}]}, w: {endpoints: [{fromRegistry: west}]}, s: {endpoints: [{fromRegistry: south}]}}',
      },
    }),
    made('v1', 'Secret', 'istio-system/remote', {
      metadata: { namespace: 'istio-system', name: 'remote', labels: { 'istio/multiCluster': 'true' } },
      data: { west: btoa('the way in') },
    }),
  ])
  const west = await startCluster([cart({ clusterIP: 'None' }), account('away')])
  const config = readConfig({
    PROMETHEUS_URL: 'http://127.0.0.1:1',
    HEDDLE_CLUSTER_NAME: 'east',
    LOG_LEVEL: 'silent',
  })
  const clusters = [
    { name: 'east', kubeconfig: kubeconfigText(east.address) },
    { name: 'west', kubeconfig: kubeconfigText(west.address) },
    { name: 'south', kubeconfig: kubeconfigText('http://127.0.0.1:1') },
  ]
  const up = createUpstreams({ ...config, clusters }, { clock: manualClock(START) })
  setUpstreams(up)
  onTestFinished(async () => {
    setUpstreams(null)
    await up.close()
  })
  await until('both clusters are read', async () =>
    up.inventories.filter((source) => source.current().ready).length === 2 ? true : undefined,
  )
  const found = async () => {
    const answer = await getFindingsRoute(new Request('http://heddle.test/api/v1/findings'))
    return LiveFindingList.parse(await answer.json()).items.map(
      ({ cluster, code, object, path }) => `${cluster} ${code} ${object.kind} ${object.name} ${path ?? ''}`,
    )
  }
  const expected = [
    'east IST0170 Service cart spec',
    'east KIA0107 AuthorizationPolicy callers spec.rules[0].from[0].source.principals[0]',
    'east KIA0106 AuthorizationPolicy callers spec.rules[0].from[0].source.principals[1]',
    'east IST0126 ConfigMap istio data.meshNetworks',
  ]
  const ours = (await found()).filter((one) => /IST0126|IST0170|KIA010[67]/.test(one))
  expect(ours.sort()).toEqual(expected.sort())

  // a service that becomes the same everywhere is no finding any more
  const own = await west.call('GET', '/api/v1/namespaces/shop/services/cart')
  const same = { ...own.body, spec: { ...(own.body.spec as object), clusterIP: '10.0.0.9' } }
  await west.call('DELETE', '/api/v1/namespaces/shop/services/cart')
  await west.call('POST', '/api/v1/namespaces/shop/services', { ...same, metadata: { name: 'cart' } })
  await until('the finding goes', async () =>
    (await found()).every((one) => !one.includes('IST0170')) ? true : undefined,
  )

  // which clusters can be worked with, and why the third cannot
  const status = Status.parse(
    await (await getStatusRoute(new Request('http://heddle.test/api/v1/status'))).json(),
  )
  expect(status.objects).toMatchObject([
    { cluster: 'east', isReadable: true, why: null },
    { cluster: 'south', isReadable: false, why: expect.stringMatching(/127\.0\.0\.1:1/) as string },
    { cluster: 'west', isReadable: true, why: null },
  ])
})
