/** What is wrong with an object while it is being edited: the rules that need nothing but the object itself. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { applyRules } from '@/lib/validation/checkers/schema/istio-rules'
import { unreachable } from '@/lib/validation/checkers/virtual-service/unreachable'
import { formatPath, type FieldPath } from '@/lib/validation/finding'
import { createWorld, groupOf, readMeshSettings } from '@/lib/validation/world'
import { routeRules } from './route-rules'

export interface Problem {
  /** a warning does not keep the object from being used */
  severity: 'error' | 'warning'
  path: FieldPath
  /** a sentence: what is wrong and what to do */
  message: string
}

/** In the order of the object; empty when nothing is known to be wrong. */
export function problemsOf(object: ConfigObject): Problem[] {
  const problems: Problem[] = []
  const say = {
    error: (path: FieldPath, message: string) => problems.push({ severity: 'error', path, message }),
    warning: (path: FieldPath, message: string) => problems.push({ severity: 'warning', path, message }),
  }
  if (groupOf(object.apiVersion) === 'gateway.networking.k8s.io') routeRules(object, say)
  else {
    applyRules(object, say)
    const world = createWorld([object], readMeshSettings(null))
    unreachable.check(world, (_code, _object, path, message) => say.warning(path ?? [], message))
  }
  return problems
}

/** Those at a place or within it; what surrounds the place is not about it. */
export function problemsAt(problems: readonly Problem[], path: FieldPath): Problem[] {
  const prefix = formatPath(path)
  return problems.filter((problem) => {
    const at = formatPath(problem.path)
    return at === prefix || at.startsWith(`${prefix}.`) || at.startsWith(`${prefix}[`)
  })
}
