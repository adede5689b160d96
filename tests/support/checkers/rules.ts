/** Tables of cases for istiod's own rules of one kind. */
import { expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { formatPath } from '@/lib/validation/finding'
import { applyRules } from '@/lib/validation/checkers/schema/istio-rules'

/** What is said of an object: `error path` or `warning path`, sorted. */
export function saidOf(object: ConfigObject): string[] {
  const said: string[] = []
  applyRules(object, {
    error: (path) => said.push(`error ${formatPath(path)}`),
    warning: (path) => said.push(`warning ${formatPath(path)}`),
  })
  return said.sort()
}

/** One test a row: what the object is, the object, and what is said of it (paths below `spec` without it). */
export function says(rows: readonly [string, ConfigObject, ...string[]][]): void {
  for (const [name, object, ...expected] of rows) {
    it(name, () => {
      const full = expected.map((one) =>
        one.replace(/^(error|warning) (?!spec\b|metadata\.annotations\b|metadata\.name$)/, '$1 spec.'),
      )
      expect(saidOf(object)).toEqual(full.sort())
    })
  }
}
