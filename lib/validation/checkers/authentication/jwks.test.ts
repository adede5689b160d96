import { checks, deployment, requestAuthentication } from '@/tests/support/checkers/checks'
import { jwksFetches } from './jwks'

const istiod = (env: object[], labels: Record<string, string> = { app: 'istiod' }) =>
  deployment('istio-system/istiod', { template: { spec: { containers: [{ env }] } } }, { labels })
const jwt = requestAuthentication('shop/jwt', {})
const blocked = [{ name: 'BLOCKED_CIDRS_IN_JWKS_URIS', value: '10.0.0.0/8' }]

checks(jwksFetches, {
  IST0175: {
    fires: {
      'istiod without blocked ranges': {
        objects: [jwt, istiod([{ name: 'BLOCKED_CIDRS_IN_JWKS_URIS', value: '' }])],
        at: ['Deployment istio-system/istiod spec.template.spec.containers'],
      },
    },
    silent: {
      'blocked ranges': { objects: [jwt, istiod(blocked)] },
      'no RequestAuthentication': { objects: [istiod([])] },
      'another Deployment': { objects: [jwt, istiod([], { app: 'web' })] },
    },
  },
})
