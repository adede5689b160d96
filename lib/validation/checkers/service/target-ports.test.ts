import { checks, deployment, service } from '@/tests/support/checkers/checks'
import { targetPorts } from './target-ports'

const web = (ports?: object[]) =>
  deployment('shop/web', {
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ ports }] } },
  })
const to = (targetPort?: string | number) =>
  service('shop/web', {
    selector: { app: 'web' },
    ports: [{ port: 80, ...(targetPort === undefined ? {} : { targetPort }) }],
  })
const port = { containerPort: 8080, name: 'http' }
const at = ['Service shop/web spec.ports[0].targetPort']

checks(targetPorts, {
  KIA0701: {
    fires: {
      'a number nobody has': { objects: [web([port]), to(9090)], at },
      'a name nobody has': { objects: [web([port]), to('grpc')], at },
      'the port itself': { objects: [web([port]), to()], at },
    },
    silent: {
      'a number and a name': { objects: [web([port]), to(8080)] },
      'a name': { objects: [web([port]), to('http')] },
      'containers that declare nothing, or are not there': { objects: [web(), to(9090)] },
      'no workload': { objects: [to(9090)] },
    },
  },
})
