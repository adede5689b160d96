import { describe, expect, it } from 'vitest'
import { formatPath, parsePath, type FieldPath } from './finding'

describe('paths', () => {
  it.each<[FieldPath, string]>([
    [[], ''],
    [['spec', 'http', 0, 'route', 12, 'destination', 'host'], 'spec.http[0].route[12].destination.host'],
    [['metadata', 'labels', 'app.kubernetes.io/name'], 'metadata.labels["app.kubernetes.io/name"]'],
    [['spec', 'portLevelMtls', '8080', 'mode'], 'spec.portLevelMtls.8080.mode'],
    [['a', 'with "quotes" ] and \\'], 'a["with \\"quotes\\" ] and \\\\"]'],
  ])('%j is written as %s and read back', (path, text) => {
    expect(formatPath(path)).toBe(text)
    expect(parsePath(text)).toEqual(path)
  })
})
