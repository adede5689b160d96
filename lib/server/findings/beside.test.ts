import { describe, expect, it } from 'vitest'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { config, inventory } from '@/tests/support/graph/samples'
import { readBeside } from './beside'

/** Answers by path; a number is a status. */
function client(answers: Record<string, unknown>, asked: string[] = []): KubernetesClient {
  const read = async (path: string) => {
    asked.push(path)
    const answer = answers[path] ?? 404
    if (typeof answer !== 'number') return answer
    throw new UpstreamError('kubernetes', 'http', `status ${answer}`, { status: answer })
  }
  // only reads are asked for
  return { read } as KubernetesClient
}

const WEBHOOKS = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations'
const NODES = '/api/v1/nodes'
const world = inventory({
  config: [
    {
      ...config('Gateway', 'edge/web', { listeners: [{ tls: { certificateRefs: [{ name: 'cert' }] } }] }),
      apiVersion: 'gateway.networking.k8s.io/v1',
    },
  ],
})
const hook = {
  metadata: { name: 'istio-sidecar-injector', resourceVersion: '7', managedFields: [{}] },
  webhooks: [{ name: 'inject.istio.io', clientConfig: { caBundle: 'TUlJ', url: 'https://a' } }],
}

describe('what checks need beside the inventory', () => {
  it('names the kinds that may not be read, and goes on with the others', async () => {
    const known = await readBeside(
      client({ [WEBHOOKS]: { items: [hook] }, '/api/v1/namespaces/edge/secrets/cert': 403 }),
      world,
      null,
    )
    expect(known.certificates).toBeNull()
    expect([...known.unread]).toEqual(['admissionregistration.k8s.io/ValidatingWebhookConfiguration'])
    expect(known.objects.map(({ metadata }) => metadata.name)).toEqual(['istio-sidecar-injector'])
  })

  it('keeps of a Secret whether it can be used, and nothing of what is in it', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'cert', namespace: 'edge' },
      data: { 'tls.crt': btoa('not a certificate'), 'tls.key': btoa('very private') },
    }
    const known = await readBeside(client({ '/api/v1/namespaces/edge/secrets/cert': secret }), world, null)
    expect(known.certificates).toEqual([
      {
        namespace: 'edge',
        secret: 'cert',
        state: 'unusable',
        problem: 'its certificate is not a PEM certificate',
      },
    ])
    expect(JSON.stringify(known)).not.toContain(secret.data['tls.key'])
    expect(JSON.stringify(known)).not.toContain('very private')
  })

  it('tells a Secret that is not there from one it may not read', async () => {
    const { certificates } = await readBeside(client({}), world, null)
    expect(certificates).toEqual([{ namespace: 'edge', secret: 'cert', state: 'missing' }])
  })

  it('keeps objects that did not change, without certificates and writers', async () => {
    const answers = { [WEBHOOKS]: { items: [hook] } }
    const first = await readBeside(client(answers), world, null)
    const again = await readBeside(client(answers), world, first)
    expect(again.objects[0]).toBe(first.objects[0])
    expect(JSON.stringify(first.objects)).not.toMatch(/caBundle|managedFields/)
  })

  it('reads which clusters the mesh has secrets for where it names networks, and none of the secrets', async () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: 'a: b', meshNetworks: 'networks: {}' },
    }
    const remote = {
      metadata: { name: 'remote', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } },
      data: { west: btoa('the way in') },
    }
    const config = { '/api/v1/namespaces/istio-system/configmaps/istio': map }
    const secrets = '/api/v1/namespaces/istio-system/secrets'
    const known = await readBeside(client({ ...config, [secrets]: { items: [remote] } }), world, null)
    expect(known.objects.map(({ kind, data }) => [kind, data])).toEqual([
      ['ConfigMap', { meshNetworks: 'networks: {}' }],
      ['Secret', { west: '' }],
    ])
    const asked: string[] = []
    await readBeside(client({}, asked), world, null)
    expect(asked).not.toContain(secrets)
    // who may not list them hears nothing about networks, rather than something false
    const refused = await readBeside(client({ ...config, [secrets]: 403 }), world, null)
    expect(refused.objects).toEqual([])
    expect([...refused.unread]).toContain('/Secret')
  })

  it('asks for nodes only where a subset chooses by place', async () => {
    const asked: string[] = []
    await readBeside(client({}, asked), world, null)
    expect(asked).not.toContain(NODES)
    const byZone = inventory({
      config: [
        config('DestinationRule', 'shop/cart', {
          host: 'cart',
          subsets: [{ name: 'a', labels: { 'topology.kubernetes.io/zone': 'a' } }],
        }),
      ],
    })
    await readBeside(client({}, asked), byZone, null)
    expect(asked).toContain(NODES)
  })
})
