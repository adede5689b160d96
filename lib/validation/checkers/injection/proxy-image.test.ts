import { checks, namespace, object, pod } from '@/tests/support/checkers/checks'
import { proxyImages } from './proxy-image'

const injector = (image = 'proxyv2', name = 'istio-sidecar-injector') =>
  object(
    'v1',
    'ConfigMap',
    `istio-system/${name}`,
    undefined,
    {},
    {
      data: {
        values: JSON.stringify({ global: { hub: 'docker.io/istio', tag: '1.29.0', proxy: { image } } }),
      },
    },
  )
const running = (image: string, metadata = {}, labels = {}) =>
  pod('shop/a', labels, { containers: [{ name: 'istio-proxy', image }] }, metadata)
const shop = namespace('shop', { 'istio-injection': 'enabled' })
const at = ['Namespace shop metadata.name']
const distroless = { image: { imageType: 'distroless' } }
const proxyConfig = (name: string, spec: object) =>
  object('networking.istio.io/v1beta1', 'ProxyConfig', name, spec)

checks(proxyImages, {
  IST0158: {
    fires: {
      'an older image': { objects: [shop, injector(), running('docker.io/istio/proxyv2:1.28.0')], at },
      'another than an absolute one': {
        objects: [shop, injector('own/proxy:2'), running('docker.io/istio/proxyv2:1.29.0')],
        at,
      },
      'the injector of the namespace’s revision': {
        objects: [
          namespace('shop', { 'istio.io/rev': 'canary' }),
          injector(),
          injector('own/proxy:2', 'istio-sidecar-injector-canary'),
          running('docker.io/istio/proxyv2:1.29.0'),
        ],
        at,
      },
      'a variant nobody asked for': {
        objects: [shop, injector(), running('docker.io/istio/proxyv2:1.29.0-debug')],
        at,
      },
    },
    silent: {
      'the injector’s image': { objects: [shop, injector(), running('docker.io/istio/proxyv2:1.29.0')] },
      'an image chosen for the pod': {
        objects: [shop, injector(), running('x', { annotations: { 'sidecar.istio.io/proxyImage': 'x' } })],
      },
      'the variant of the mesh': {
        objects: [shop, injector(), running('docker.io/istio/proxyv2:1.29.0-distroless')],
        mesh: { defaultConfig: distroless },
      },
      'the variant of the namespace, the workload and the pod': {
        objects: [
          shop,
          injector(),
          proxyConfig('shop/all', { image: { imageType: 'debug' } }),
          proxyConfig('shop/one', { selector: { matchLabels: { app: 'a' } }, ...distroless }),
          running('docker.io/istio/proxyv2:1.29.0-distroless', {}, { app: 'a' }),
          pod(
            'shop/b',
            {},
            { initContainers: [{ name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.29.0-debug' }] },
          ),
          pod(
            'shop/c',
            {},
            { containers: [{ name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.29.0-x' }] },
            { annotations: { 'proxy.istio.io/config': 'image: {imageType: x}' } },
          ),
        ],
      },
      'settings of a pod that cannot be read': {
        objects: [
          shop,
          injector(),
          running('docker.io/istio/proxyv2:1.29.0', {
            annotations: { 'proxy.istio.io/config': 'image: *none' },
          }),
        ],
      },
      'no injector to compare with': { objects: [shop, running('x')] },
      'a namespace that does not inject': { objects: [namespace('shop'), injector(), running('x')] },
    },
  },
})
