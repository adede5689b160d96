import { describe, expect, it } from 'vitest'
import { controlPlaneQuestions } from './control-plane'

const queries = new Map(
  controlPlaneQuestions({ namespace: 'istio-system', name: 'istiod' }, 60).map(({ id, query }) => [
    id,
    query,
  ]),
)

describe('what is asked of istiod', () => {
  it.each(['configEvents', 'inboundConflicts', 'noInstances'])(
    'does not count %s once for every replica that sees it',
    (id) => {
      expect(queries.get(id)).toMatch(/^max by \([a-z, ]*\) \(sum by \([a-z, ]*pod\) \(/)
    },
  )

  it.each(['proxies', 'pushes', 'rejects', 'csr', 'issued'])(
    'adds up %s, which replicas share among them',
    (id) => {
      expect(queries.get(id)).toMatch(/^sum by \([a-z, ]*\) \(/)
    },
  )
})
