import { checks, namespace, object } from '@/tests/support/checkers/checks'
import { namespaces } from './namespaces'

const injector = (enableNamespacesByDefault: boolean) =>
  object(
    'v1',
    'ConfigMap',
    'istio-system/istio-sidecar-injector',
    undefined,
    {},
    {
      data: { values: JSON.stringify({ sidecarInjectorWebhook: { enableNamespacesByDefault } }) },
    },
  )
const on = { 'istio-injection': 'enabled' }
const rev = { 'istio.io/rev': 'canary' }
const ambient = { 'istio.io/dataplane-mode': 'ambient' }

checks(namespaces, {
  IST0102: {
    fires: {
      'no label': { objects: [namespace('shop')], at: ['Namespace shop metadata.name'] },
      'no label while injection is not for all': {
        objects: [namespace('shop'), injector(false)],
        at: ['Namespace shop metadata.name'],
      },
    },
    silent: {
      'any label': {
        objects: [
          namespace('a', on),
          namespace('b', rev),
          namespace('c', ambient),
          namespace('d', { 'istio-injection': 'disabled' }),
        ],
      },
      'system namespaces and the root one': {
        objects: [namespace('kube-system'), namespace('istio-system'), namespace('mesh')],
        mesh: { rootNamespace: 'mesh' },
      },
      'injection for all': { objects: [namespace('shop'), injector(true)] },
    },
  },
  IST0123: {
    fires: {
      'injection and revision': {
        objects: [namespace('shop', { ...on, ...rev })],
        at: ['Namespace shop metadata.labels'],
      },
      'revision and ambient': {
        objects: [namespace('shop', { ...rev, ...ambient })],
        at: ['Namespace shop metadata.labels'],
      },
    },
    silent: {
      'one label': { objects: [namespace('shop', on)] },
      'sidecars refused, and ambient': {
        objects: [namespace('shop', { 'istio-injection': 'disabled', ...ambient })],
      },
    },
  },
  IST0148: {
    fires: {
      'injection for all and no label': {
        objects: [namespace('shop'), injector(true)],
        at: ['Namespace shop metadata.name'],
      },
    },
    silent: {
      'a label': { objects: [namespace('shop', on), injector(true)] },
      'injection not for all': { objects: [namespace('shop'), injector(false)] },
      'an injector whose values cannot be read': {
        objects: [
          namespace('shop'),
          object(
            'v1',
            'ConfigMap',
            'istio-system/istio-sidecar-injector',
            undefined,
            {},
            { data: { values: '{' } },
          ),
        ],
      },
    },
  },
})
