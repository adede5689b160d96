/** The checkers of single objects and of how objects fit together; see docs/checks for each code. */
import { alphaAnnotations } from './checkers/annotations/alpha'
import { annotationPlacement } from './checkers/annotations/placement'
import { jwksFetches } from './checkers/authentication/jwks'
import { authorizationTargets } from './checkers/authorization/workloads'
import { statusConditions } from './checkers/conditions/status'
import { deploymentServices } from './checkers/deployment/services'
import { applicationUser } from './checkers/deployment/user'
import { deprecatedFields } from './checkers/deprecation/fields'
import { certificates } from './checkers/destination-rule/certificates'
import { host } from './checkers/destination-rule/host'
import { operations } from './checkers/envoy-filter/operations'
import { definitions } from './checkers/gateway-api/definitions'
import { gatewaySelectors } from './checkers/gateway-api/selectors'
import { conflicts } from './checkers/gateway/conflicts'
import { credentials } from './checkers/gateway/credentials'
import { duplicateCertificate } from './checkers/gateway/duplicate-certificate'
import { workload } from './checkers/gateway/workload'
import { imageAuto } from './checkers/injection/image-auto'
import { missingProxy } from './checkers/injection/missing-proxy'
import { namespaces } from './checkers/injection/namespaces'
import { proxyImages } from './checkers/injection/proxy-image'
import { networks } from './checkers/multicluster/networks'
import { consistentServices } from './checkers/multicluster/services'
import { istioRules } from './checkers/schema/istio-rules'
import { addresses } from './checkers/service-entry/addresses'
import { protocols } from './checkers/service-entry/protocols'
import { portNames } from './checkers/service/port-names'
import { sidecars } from './checkers/sidecar/selectors'
import { telemetryProviders } from './checkers/telemetry/providers'
import { telemetrySelectors } from './checkers/telemetry/selectors'
import { conflictingHosts } from './checkers/virtual-service/conflicting-hosts'
import { delegates } from './checkers/virtual-service/delegates'
import { destinationHosts } from './checkers/virtual-service/destination-hosts'
import { gateways } from './checkers/virtual-service/gateways'
import { ingressSubsets } from './checkers/virtual-service/ingress-subsets'
import { jwtClaims } from './checkers/virtual-service/jwt-claims'
import { subsets } from './checkers/virtual-service/subsets'
import { unreachable } from './checkers/virtual-service/unreachable'
import { externalControlPlane } from './checkers/webhook/external'
import { injectionWebhooks } from './checkers/webhook/injection'
import type { Checker } from './finding'

export const CHECKERS: readonly Checker[] = [
  ...[alphaAnnotations, annotationPlacement, jwksFetches, authorizationTargets, statusConditions],
  ...[deploymentServices, applicationUser, deprecatedFields, certificates, host, operations],
  ...[definitions, gatewaySelectors, conflicts, credentials, duplicateCertificate, workload],
  ...[imageAuto, missingProxy, namespaces, proxyImages, networks, consistentServices],
  ...[addresses, protocols, portNames, sidecars, telemetryProviders, telemetrySelectors],
  ...[
    conflictingHosts,
    delegates,
    destinationHosts,
    gateways,
    ingressSubsets,
    jwtClaims,
    subsets,
    unreachable,
  ],
  ...[externalControlPlane, injectionWebhooks, istioRules],
]
