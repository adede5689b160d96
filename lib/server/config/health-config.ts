import 'server-only'
import { compilePattern, DEFAULT_HEALTH } from '@/lib/health/tolerance'
import type { HealthConfig, Tolerance } from '@/lib/health/types'
import { withDigits, type ConfigFile, type ToleranceFile } from './config-file'

/** What counts as healthy: the defaults, with what the configuration file says in their place. */
export function healthConfigOf(file: ConfigFile['health']): HealthConfig {
  return {
    tolerances: file.tolerances?.map(toleranceOf) ?? DEFAULT_HEALTH.tolerances,
    rules: file.rules.map((rule) => ({
      namespace: patternOf(rule.namespace),
      kind: patternOf(rule.kind),
      name: patternOf(rule.name),
      tolerances: rule.tolerances.map(toleranceOf),
    })),
    tcp: file.tcp ?? DEFAULT_HEALTH.tcp,
    latency: file.latency === false ? null : (file.latency ?? DEFAULT_HEALTH.latency),
    restarts: file.restarts ?? DEFAULT_HEALTH.restarts,
  }
}

function toleranceOf(tolerance: ToleranceFile): Tolerance {
  return { ...tolerance, codes: patternOf(withDigits(tolerance.codes)), text: tolerance.codes }
}

function patternOf(text: string): RegExp {
  const pattern = compilePattern(text)
  // the file's schema has compiled it once
  if (!pattern) throw new Error(`a pattern passed the schema and does not compile: ${text}`)
  return pattern
}
