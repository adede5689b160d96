/** Every checker there is, in the order of the pages in docs/checks. */
import type { Checker } from './finding'
import { certificates } from './checkers/destination-rule/certificates'
import { host } from './checkers/destination-rule/host'
import { conflicts } from './checkers/gateway/conflicts'
import { credentials } from './checkers/gateway/credentials'
import { duplicateCertificate } from './checkers/gateway/duplicate-certificate'
import { workload } from './checkers/gateway/workload'
import { conflictingHosts } from './checkers/virtual-service/conflicting-hosts'
import { destinationHosts } from './checkers/virtual-service/destination-hosts'
import { gateways } from './checkers/virtual-service/gateways'
import { ingressSubsets } from './checkers/virtual-service/ingress-subsets'
import { jwtClaims } from './checkers/virtual-service/jwt-claims'
import { subsets } from './checkers/virtual-service/subsets'
import { unreachable } from './checkers/virtual-service/unreachable'

export const CHECKERS: readonly Checker[] = [
  conflictingHosts,
  destinationHosts,
  gateways,
  ingressSubsets,
  jwtClaims,
  subsets,
  unreachable,
  certificates,
  host,
  conflicts,
  credentials,
  duplicateCertificate,
  workload,
]
