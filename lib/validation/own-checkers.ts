/** Heddle's own checks: what Istio and Kiali say nothing about. */
import { refusedTls } from './checkers/destination-rule/refused-tls'
import { expiringCertificate } from './checkers/gateway/expiring-certificate'
import { callChains } from './checkers/observed/chains'
import { hiddenHosts } from './checkers/observed/hidden-hosts'
import { observedShares } from './checkers/observed/observed-shares'
import { plaintextCallers } from './checkers/observed/plaintext'
import { refusedCallers } from './checkers/observed/refused'
import { observedTimeouts } from './checkers/observed/timeouts'
import { hiddenMetrics } from './checkers/telemetry/hidden-metrics'
import { trafficDestinations } from './checkers/traffic/destinations'
import { trafficRoutes } from './checkers/traffic/routes'
import { shadowedRules } from './checkers/traffic/shadowed'
import type { Checker } from './finding'

export const OWN_CHECKERS: readonly Checker[] = [
  ...[expiringCertificate, observedShares, plaintextCallers, refusedCallers, observedTimeouts, callChains],
  ...[refusedTls, hiddenHosts, hiddenMetrics, trafficDestinations, trafficRoutes, shadowedRules],
]
