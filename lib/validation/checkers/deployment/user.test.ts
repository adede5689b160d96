import { checks, deployment, pod } from '@/tests/support/checkers/checks'
import { applicationUser } from './user'

const user = { securityContext: { runAsUser: 1337 } }
const containers = (name: string) => ({ containers: [{ name: 'other' }, { name, ...user }] })

checks(applicationUser, {
  IST0144: {
    fires: {
      'a pod': { objects: [pod('shop/a', {}, user)], at: ['Pod shop/a spec.securityContext.runAsUser'] },
      'a container of a pod': {
        objects: [pod('shop/a', {}, containers('app'))],
        at: ['Pod shop/a spec.containers[1].securityContext.runAsUser'],
      },
      'a Deployment, and a container of one': {
        objects: [
          deployment('shop/a', { template: { spec: user } }),
          deployment('shop/b', { template: { spec: containers('app') } }),
        ],
        at: [
          'Deployment shop/a spec.template.spec.securityContext.runAsUser',
          'Deployment shop/b spec.template.spec.containers[1].securityContext.runAsUser',
        ],
      },
    },
    silent: {
      'the proxy': { objects: [pod('shop/a', {}, containers('istio-proxy'))] },
      'other users': { objects: [pod('shop/a', {}, { securityContext: { runAsUser: 1000 } })] },
      'the control plane': {
        objects: [pod('istio-system/a', { istio: 'pilot' }, user), pod('x/b', { release: 'istio' }, user)],
      },
    },
  },
})
