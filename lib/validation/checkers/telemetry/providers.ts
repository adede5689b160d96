import type { Checker } from '@/lib/validation/finding'
import { TELEMETRY } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, isFields, items, specOf } from '@/lib/validation/read'

/** Providers a Telemetry sends to: named, or given by the mesh, and not one that is going away. */
export const telemetryProviders: Checker = {
  codes: { IST0002: 'warning', IST0157: 'warning' },
  check(world, report) {
    const { defaultProviders, extensionProviders } = world.mesh.raw
    const hasDefault = asList(asFields(defaultProviders).accessLogging).length > 0
    const lightstep = new Set(
      items(extensionProviders).flatMap(([provider]) =>
        isFields(provider.lightstep) ? [asText(provider.name)] : [],
      ),
    )
    for (const object of world.list(TELEMETRY)) {
      const spec = specOf(object)
      for (const [logging, index] of items(spec.accessLogging)) {
        if (hasDefault || logging.disabled === true || asList(logging.providers).length > 0) continue
        const message =
          'Access logging names no provider, and the mesh has no default one, so nothing is logged. Name a provider, or set defaultProviders.accessLogging in the mesh configuration.'
        report('IST0157', object, ['spec', 'accessLogging', index], message)
      }
      for (const [tracing, i] of items(spec.tracing)) {
        for (const [provider, j] of items(tracing.providers)) {
          const name = asText(provider.name)
          if (!lightstep.has(name)) continue
          const message = `Traces go to ${name}, a provider of the kind lightstep, which is going away. Use an opentelemetry provider instead.`
          report('IST0002', object, ['spec', 'tracing', i, 'providers', j, 'name'], message)
        }
      }
    }
  },
}
