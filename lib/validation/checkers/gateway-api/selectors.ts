import type { Checker } from '@/lib/validation/finding'
import {
  AUTHORIZATION_POLICY,
  REQUEST_AUTHENTICATION,
  TELEMETRY,
  WASM_PLUGIN,
} from '@/lib/validation/lookups/kinds'
import { podsWith } from '@/lib/validation/lookups/selectors'
import { asFields, asList, asTextMap, isFields, labelsOf, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name'

/** Gateways and waypoints of the Gateway API take policies by targetRefs; a selector does nothing there. */
export const gatewaySelectors: Checker = {
  codes: { IST0166: 'warning' },
  check(world, report) {
    for (const kind of [AUTHORIZATION_POLICY, REQUEST_AUTHENTICATION, TELEMETRY, WASM_PLUGIN] as const) {
      world.each(kind, (object) => {
        const { selector, targetRef, targetRefs } = specOf(object)
        if (!isFields(selector) || isFields(targetRef) || asList(targetRefs).length > 0) return
        const labels = asTextMap(asFields(selector).matchLabels)
        const pod = podsWith(world, labels, namespaceOf(object)).find(
          (one) => labelsOf(one)[GATEWAY_NAME] !== undefined,
        )
        if (!pod) return
        const name = labelsOf(pod)[GATEWAY_NAME] ?? ''
        const message = `The selector matches pods of the gateway ${name}, which ignores selectors. Attach the policy with targetRefs to the Gateway ${name}.`
        report('IST0166', object, ['spec', 'selector'], message)
      })
    }
  },
}
