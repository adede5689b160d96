import { checks, deployment, namespace, pod, service } from '@/tests/support/checkers/checks'
import { annotationPlacement } from './placement'

const on = (annotations: Record<string, string>, labels = {}) => pod('shop/a', labels, {}, { annotations })
const at = (name: string) => [`Pod shop/a metadata.annotations["${name}"]`]
const valid = (name: string, ...values: string[]) =>
  values.map((value, i) => pod(`shop/${i}`, {}, {}, { annotations: { [name]: value } }))

checks(annotationPlacement, {
  IST0107: {
    fires: {
      'a pod’s annotation on a Deployment and a namespace': {
        objects: [
          deployment('shop/a', {}, { annotations: { 'sidecar.istio.io/proxyCPU': '1' } }),
          namespace('shop', {}, { annotations: { 'kubernetes.io/ingress.class': 'istio' } }),
        ],
        at: [
          'Deployment shop/a metadata.annotations["sidecar.istio.io/proxyCPU"]',
          'Namespace shop metadata.annotations["kubernetes.io/ingress.class"]',
        ],
      },
    },
    silent: {
      'where it belongs, and where any does': {
        objects: [
          on({ 'sidecar.istio.io/proxyCPU': '1' }),
          service('shop/b', {}, { annotations: { 'galley.istio.io/analyze-suppress': 'IST0118' } }),
        ],
      },
    },
  },
  IST0108: {
    fires: {
      'an unknown one': {
        objects: [on({ 'sidecar.istio.io/proxyCpu': '1' })],
        at: at('sidecar.istio.io/proxyCpu'),
      },
    },
    silent: {
      'known ones, those of controllers, and those of others': {
        objects: [
          on({
            'istio.io/rev': 'x',
            'sidecar.istio.io/status': '{}',
            'example.com/x': 'y',
            'sidecar.istio.io/logLevel': 'info',
          }),
        ],
      },
    },
  },
  IST0125: {
    fires: {
      'values that cannot be read': {
        objects: [
          on({
            'readiness.status.sidecar.istio.io/periodSeconds': 'ten',
            'traffic.sidecar.istio.io/excludeInboundPorts': '80,x',
            'traffic.sidecar.istio.io/includeOutboundIPRanges': '10.0.0.0',
            'sidecar.istio.io/interceptionMode': 'redirect',
            'prometheus.istio.io/merge-metrics': 'yes',
            'proxy.istio.io/config': '- a',
            'status.sidecar.istio.io/port': '99999',
          }),
        ],
        at: [
          'readiness.status.sidecar.istio.io/periodSeconds',
          'traffic.sidecar.istio.io/excludeInboundPorts',
          'traffic.sidecar.istio.io/includeOutboundIPRanges',
          'sidecar.istio.io/interceptionMode',
          'prometheus.istio.io/merge-metrics',
          'proxy.istio.io/config',
          'status.sidecar.istio.io/port',
        ].flatMap(at),
      },
      'settings with an alias of nothing': {
        objects: [on({ 'proxy.istio.io/config': 'concurrency: *none' })],
        at: at('proxy.istio.io/config'),
      },
    },
    silent: {
      'port lists': {
        objects: valid('traffic.sidecar.istio.io/includeInboundPorts', '*', '', '80', '80, 81'),
      },
      ranges: {
        objects: valid('traffic.sidecar.istio.io/excludeOutboundIPRanges', '', '10.0.0.0/8,2001:db8::/32'),
      },
      settings: {
        objects: valid('proxy.istio.io/config', '{}', 'concurrency: 2', '', '{a: &a {b: c}, d: *a}'),
      },
      'numbers and words': {
        objects: [
          ...valid('readiness.status.sidecar.istio.io/periodSeconds', '10'),
          ...valid('sidecar.istio.io/interceptionMode', 'TPROXY'),
        ],
      },
    },
  },
  IST0135: {
    fires: {
      'one that is going away': {
        objects: [on({ 'sidecar.istio.io/inject': 'true' })],
        at: at('sidecar.istio.io/inject'),
      },
    },
    silent: {
      'one beside the label that replaces it': {
        objects: [on({ 'sidecar.istio.io/inject': 'true' }, { 'sidecar.istio.io/inject': 'true' })],
      },
      'one that stays': { objects: [on({ 'sidecar.istio.io/logLevel': 'info' })] },
    },
  },
})
