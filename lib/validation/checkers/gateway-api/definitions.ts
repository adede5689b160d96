import type { Checker } from '@/lib/validation/finding'
import { CUSTOM_RESOURCE } from '@/lib/validation/lookups/kinds'
import { annotationsOf } from '@/lib/validation/read'

const BUNDLE = 'gateway.networking.k8s.io/bundle-version'

/** Oldest bundle of a definition that istiod reads. Source: istio/istio pkg/config/schema/gatewayapi */
const OLDEST: Readonly<Record<string, readonly [number, number, number]>> = {
  'grpcroutes.gateway.networking.k8s.io': [1, 1, 0],
  'backendtlspolicies.gateway.networking.k8s.io': [1, 4, 0],
  'tlsroutes.gateway.networking.k8s.io': [1, 5, 0],
}

/** The definitions that the rule is about. */
export const READ_DEFINITIONS: readonly string[] = Object.keys(OLDEST)

/** A Gateway API definition older than istiod reads: objects of its kind are ignored without a word. */
export const definitions: Checker = {
  codes: { IST0176: 'warning' },
  check(world, report) {
    for (const object of world.list(CUSTOM_RESOURCE)) {
      const oldest = OLDEST[object.metadata.name]
      const bundle = annotationsOf(object)[BUNDLE]
      const installed = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(bundle ?? '')
      if (!oldest || !installed) continue
      const version = installed.slice(1).map((part) => Number(part ?? 0))
      const difference = oldest.findIndex((part, index) => part !== version[index])
      if (difference < 0 || (version[difference] ?? 0) > (oldest[difference] ?? 0)) continue
      const message = `This definition is of bundle ${bundle ?? ''}; istiod needs ${oldest.join('.')} and ignores objects of the kind. Install a newer bundle of the Gateway API.`
      report('IST0176', object, ['metadata', 'annotations', BUNDLE], message)
    }
  },
}
