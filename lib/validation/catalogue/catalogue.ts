/** Every code with its help; tests/guards/checks.test.ts holds it equal to the codes of the checkers. */
import type { Checker, Severity } from '../finding'
import type { Catalogue } from './help'
import { HEDDLE_CHECKS } from './heddle'
import { ISTIO_POLICIES } from './istio-policies'
import { ISTIO_ROUTING } from './istio-routing'
import { ISTIO_WORKLOADS } from './istio-workloads'
import { KIALI_POLICIES } from './kiali-policies'
import { KIALI_ROUTING } from './kiali-routing'
import type { DocumentedCheck } from './markdown'

export const CATALOGUE: Catalogue = {
  ...ISTIO_ROUTING,
  ...ISTIO_WORKLOADS,
  ...ISTIO_POLICIES,
  ...KIALI_POLICIES,
  ...KIALI_ROUTING,
  ...HEDDLE_CHECKS,
}

/** The codes of some checkers with their help, sorted; a code without help is left out. */
export function documentedChecks(checkers: readonly Checker[]): DocumentedCheck[] {
  const severities = new Map<string, Severity>()
  for (const { codes } of checkers) {
    for (const [code, severity] of Object.entries(codes)) severities.set(code, severity)
  }
  return [...severities]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([code, severity]) => {
      const help = CATALOGUE[code]
      return help ? [{ code, severity, ...help }] : []
    })
}
