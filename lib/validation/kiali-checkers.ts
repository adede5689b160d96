/** Kiali's checks that Istio lacks, under their codes; which of Kiali's are Istio's is told in decisions/0010. */
import { ambientPolicies } from './checkers/ambient/policies'
import { ambientRouting } from './checkers/ambient/routing'
import { ambientWorkloads } from './checkers/ambient/workloads'
import { peerSelection } from './checkers/authentication/peer-selection'
import { wideModes } from './checkers/authentication/wide-modes'
import { methods } from './checkers/authorization/methods'
import { identities } from './checkers/authorization/mutual-tls'
import { operationHosts } from './checkers/authorization/operation-hosts'
import { principals } from './checkers/authorization/principals'
import { uncovered } from './checkers/authorization/uncovered'
import { ruleOverlaps } from './checkers/destination-rule/overlaps'
import { wideTls } from './checkers/destination-rule/wide-tls'
import { exportTargets } from './checkers/exports/targets'
import { k8sGateways } from './checkers/gateway-api/gateways'
import { routeReferences } from './checkers/gateway-api/parents'
import { entryDuplicates } from './checkers/service-entry/duplicates'
import { targetPorts } from './checkers/service/target-ports'
import { sidecarSettings } from './checkers/sidecar/settings'
import { gatewayHosts } from './checkers/virtual-service/gateway-hosts'
import { shares } from './checkers/virtual-service/shares'
import { workloadGroups } from './checkers/workload-group/groups'
import type { Checker } from './finding'

export const KIALI_CHECKERS: readonly Checker[] = [
  ...[ambientPolicies, ambientRouting, ambientWorkloads, peerSelection, wideModes, methods, identities],
  ...[operationHosts, principals, ruleOverlaps, wideTls, exportTargets, k8sGateways, routeReferences],
  ...[entryDuplicates, targetPorts, sidecarSettings, gatewayHosts, shares, workloadGroups],
]

/** Says something of nearly every workload of nearly every mesh: left out, as Kiali leaves it out. */
export const OPTIONAL_CHECKERS: readonly Checker[] = [uncovered]
