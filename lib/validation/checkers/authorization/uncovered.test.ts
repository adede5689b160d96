import { authorizationPolicy, checks, deployment } from '@/tests/support/checkers/checks'
import { uncovered } from './uncovered'

const web = deployment('shop/web', { template: { metadata: { labels: { app: 'web' } } } })
const policy = (name: string, app: string) =>
  authorizationPolicy(name, { selector: { matchLabels: { app } } })

checks(uncovered, {
  KIA1301: {
    fires: {
      'policies of others': {
        objects: [web, policy('shop/a', 'db'), policy('books/a', 'web')],
        at: ['Deployment shop/web'],
      },
    },
    silent: {
      'a policy of its own': { objects: [web, policy('shop/a', 'web')] },
      'a policy of the mesh': { objects: [web, authorizationPolicy('istio-system/a', {})] },
    },
  },
})
