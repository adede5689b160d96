import type { World } from '@/lib/demo/model'
import { bookinfo } from './bookinfo'
import { boutique } from './boutique'
import { assemble } from './build/assemble'
import { inventory } from './inventory'
import { istioSystem } from './istio-system'
import { payments } from './payments'
import { defaultNamespace, kubeSystem, legacy } from './surroundings'
import { createSynthetic } from './synthetic/create-synthetic'

/** Monday 2026-01-05, 09:00 UTC: what creation times count back from when the caller names no moment. */
const DEFAULT_NOW = Date.UTC(2026, 0, 5, 9)

/**
 * The embedded mesh as it is before anything flows: who runs, who calls whom, and the objects in the
 * cluster. The same options always give the same world. With `services`, a synthetic mesh of that many
 * services stands in the place of the hand-made namespaces.
 * `now` (epoch milliseconds) dates the objects only.
 */
export function createWorld(options: { seed?: number; services?: number; now?: number } = {}): World {
  const { seed = 1, now = DEFAULT_NOW } = options
  const around = [istioSystem(), defaultNamespace(), kubeSystem()]
  if (options.services !== undefined) {
    return assemble([createSynthetic(seed, options.services), ...around], seed, now)
  }
  return assemble([bookinfo(), boutique(), payments(), inventory(), legacy(), ...around], seed, now)
}
