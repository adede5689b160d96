import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import {
  AUTHORIZATION_POLICY,
  DESTINATION_RULE,
  ENVOY_FILTER,
  GATEWAY,
  PEER_AUTHENTICATION,
  PROXY_CONFIG,
  REQUEST_AUTHENTICATION,
  SERVICE_ENTRY,
  SIDECAR,
  TELEMETRY,
  VIRTUAL_SERVICE,
  WASM_PLUGIN,
  WORKLOAD_ENTRY,
  WORKLOAD_GROUP,
} from '@/lib/validation/lookups/kinds'
import { annotationsOf } from '@/lib/validation/read'
import { kindKey, type KindKey } from '@/lib/validation/world'
import { peerAuthenticationRules, requestAuthenticationRules } from './rules/authentication'
import { authorizationRules } from './rules/authorization'
import { destinationRuleRules } from './rules/destination-rule'
import { envoyFilterRules } from './rules/envoy-filter'
import { gatewayRules } from './rules/gateway'
import type { Rules, Say } from './rules/say'
import { serviceEntryRules, workloadEntryRules, workloadGroupRules } from './rules/service-entry'
import { sidecarRules } from './rules/sidecar'
import { proxyConfigRules, telemetryRules, wasmPluginRules } from './rules/telemetry'
import { virtualServiceRules } from './rules/virtual-service'

const RULES: readonly (readonly [KindKey, Rules])[] = [
  [VIRTUAL_SERVICE, virtualServiceRules],
  [DESTINATION_RULE, destinationRuleRules],
  [GATEWAY, gatewayRules],
  [SERVICE_ENTRY, serviceEntryRules],
  [WORKLOAD_ENTRY, workloadEntryRules],
  [WORKLOAD_GROUP, workloadGroupRules],
  [SIDECAR, sidecarRules],
  [ENVOY_FILTER, envoyFilterRules],
  [PROXY_CONFIG, proxyConfigRules],
  [PEER_AUTHENTICATION, peerAuthenticationRules],
  [REQUEST_AUTHENTICATION, requestAuthenticationRules],
  [AUTHORIZATION_POLICY, authorizationRules],
  [TELEMETRY, telemetryRules],
  [WASM_PLUGIN, wasmPluginRules],
]

const DRY_RUN = 'istio.io/dry-run'

/** Kinds that istiod has rules of its own for. */
export const RULED_KINDS: readonly KindKey[] = RULES.map(([kind]) => kind)

const BY_KIND = new Map(RULES)

/** Runs istiod's rules for an object's kind. */
export function applyRules(object: ConfigObject, say: Say): void {
  const kind = kindKey(object)
  if (kind !== AUTHORIZATION_POLICY && annotationsOf(object)[DRY_RUN] !== undefined) {
    const message = 'Only authorization policies can be tried without effect. Remove the annotation.'
    say.error(['metadata', 'annotations', DRY_RUN], message)
  }
  BY_KIND.get(kind)?.(object, say)
}

/** What istiod would refuse, or warn about, in single objects: its own rules, beyond the schema. */
export const istioRules: Checker = {
  codes: { IST0106: 'error', IST0133: 'warning' },
  check(world, report) {
    for (const kind of RULED_KINDS) {
      world.each(kind, (object) => {
        applyRules(object, {
          error: (path, message) => report('IST0106', object, path, message),
          warning: (path, message) => report('IST0133', object, path, message),
        })
      })
    }
  },
}
