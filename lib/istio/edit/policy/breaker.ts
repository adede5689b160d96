/**
 * Circuit breaking of a destination rule: limits of connections and requests, ejection of failing endpoints.
 * https://istio.io/latest/docs/reference/config/networking/destination-rule/#ConnectionPoolSettings, #OutlierDetection
 */
import { flagAt, numberAt, sectionAt, textAt, type FormOf } from '../form'

/** Form of a traffic policy, of the whole rule, of a subset or of a port. */
export const breakerForm = {
  maxConnections: numberAt('connectionPool', 'tcp', 'maxConnections'),
  connectTimeout: textAt('connectionPool', 'tcp', 'connectTimeout'),
  maxPendingRequests: numberAt('connectionPool', 'http', 'http1MaxPendingRequests'),
  maxRequests: numberAt('connectionPool', 'http', 'http2MaxRequests'),
  maxRequestsPerConnection: numberAt('connectionPool', 'http', 'maxRequestsPerConnection'),
  maxRetries: numberAt('connectionPool', 'http', 'maxRetries'),
  idleTimeout: textAt('connectionPool', 'http', 'idleTimeout'),
  outlier: sectionAt(['outlierDetection'], {
    consecutive5xxErrors: numberAt('consecutive5xxErrors'),
    consecutiveGatewayErrors: numberAt('consecutiveGatewayErrors'),
    splitExternalLocalOriginErrors: flagAt('splitExternalLocalOriginErrors'),
    consecutiveLocalOriginFailures: numberAt('consecutiveLocalOriginFailures'),
    interval: textAt('interval'),
    baseEjectionTime: textAt('baseEjectionTime'),
    maxEjectionPercent: numberAt('maxEjectionPercent'),
    minHealthPercent: numberAt('minHealthPercent'),
  }),
}
export type BreakerForm = FormOf<typeof breakerForm>
export type OutlierForm = NonNullable<BreakerForm['outlier']>

export const NEW_OUTLIER: OutlierForm = {
  consecutive5xxErrors: 5,
  consecutiveGatewayErrors: null,
  splitExternalLocalOriginErrors: false,
  consecutiveLocalOriginFailures: null,
  interval: '10s',
  baseEjectionTime: '30s',
  maxEjectionPercent: 50,
  minHealthPercent: null,
}
