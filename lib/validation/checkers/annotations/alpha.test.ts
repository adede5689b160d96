import { checks, pod } from '@/tests/support/checkers/checks'
import { alphaAnnotations } from './alpha'

const on = (annotation: string, spec = {}) => pod('shop/a', {}, spec, { annotations: { [annotation]: 'x' } })
const mode = 'sidecar.istio.io/interceptionMode'

checks(alphaAnnotations, {
  IST0136: {
    fires: {
      'an alpha one': {
        objects: [on('sidecar.istio.io/proxyCPU')],
        at: ['Pod shop/a metadata.annotations["sidecar.istio.io/proxyCPU"]'],
      },
      'one that only the CNI plugin’s injector sets': {
        objects: [on(mode, { initContainers: [{ name: 'istio-init' }] })],
        at: [`Pod shop/a metadata.annotations["${mode}"]`],
      },
    },
    silent: {
      'stable and unknown ones, and those of controllers': {
        objects: ['proxy.istio.io/config', 'x.istio.io/y', 'sidecar.istio.io/status', 'example.com/x'].map(
          (name) => on(name),
        ),
      },
      'what the injector sets with the CNI plugin': { objects: [on(mode)] },
    },
  },
})
