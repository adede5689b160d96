import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { yamlOf } from './content-yaml'
import { asGitPatch, asKubectl, asYaml, guardedPatch, type ExportedObject } from './export'
import { diffJson } from '../difference/json-patch'
import { unifiedDiff } from './unified-diff'

const object = (spec: object) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'bookinfo' },
  spec,
})

function exported(before: object | null, after: object | null): ExportedObject {
  const text = (value: object | null) => (value === null ? '' : yamlOf(value))
  return {
    ref: {
      group: 'networking.istio.io',
      version: 'v1',
      kind: 'VirtualService',
      namespace: 'bookinfo',
      name: 'reviews',
    },
    before,
    after,
    diff: unifiedDiff(text(before), text(after), { before: 'a', after: 'b' }),
    patch: before && after ? diffJson(before, after) : [],
  }
}

const changed = exported(object({ hosts: ['it’s'], weight: 90 }), object({ hosts: ["it's"], weight: 50 }))
const made = exported(null, object({ hosts: ['reviews'] }))
const gone = exported(object({ hosts: ['reviews'] }), null)

describe('a change as kubectl commands', () => {
  it('tests what it takes away, names the kind in full and quotes for the shell', () => {
    expect(asKubectl([changed])).toBe(
      `kubectl patch virtualservice.v1.networking.istio.io reviews --namespace bookinfo --type json --patch '[{"op":"test","path":"/spec/hosts/0","value":"it’s"},{"op":"replace","path":"/spec/hosts/0","value":"it'\\''s"},{"op":"test","path":"/spec/weight","value":90},{"op":"replace","path":"/spec/weight","value":50}]'\n`,
    )
  })

  it('creates from YAML and deletes by name', () => {
    expect(asKubectl([made])).toContain("kubectl create -f - <<'EOF'\napiVersion: networking.istio.io/v1\n")
    expect(asKubectl([gone])).toBe(
      'kubectl delete virtualservice.v1.networking.istio.io reviews --namespace bookinfo\n',
    )
  })

  it('tests each value as it is at that step', () => {
    const patch = [
      { op: 'remove', path: '/a/1' },
      { op: 'remove', path: '/a/0' },
    ] as const
    expect(guardedPatch({ a: ['x', 'y'] }, patch).filter(({ op }) => op === 'test')).toEqual([
      { op: 'test', path: '/a/1', value: 'y' },
      { op: 'test', path: '/a/0', value: 'x' },
    ])
  })
})

it('as YAML holds the objects as they shall be and names the ones that go', () => {
  expect(asYaml([made, gone])).toBe(
    `${yamlOf(made.after ?? {})}---\n# VirtualService bookinfo/reviews is deleted by this change\n`,
  )
})

it('as a Git patch is what git applies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-export-'))
  const file = join(folder, 'bookinfo/virtualservice-reviews.yaml')
  const apply = (one: ExportedObject) =>
    execFileSync('git', ['apply', '-'], { cwd: folder, input: asGitPatch([one]) })
  apply(made)
  expect(readFileSync(file, 'utf8')).toBe(yamlOf(made.after ?? {}))
  apply(gone)
  mkdirSync(join(folder, 'bookinfo'))
  writeFileSync(file, yamlOf(changed.before ?? {}))
  apply(changed)
  expect(readFileSync(file, 'utf8')).toBe(yamlOf(changed.after ?? {}))
})

it('quotes what kubectl reads as something else than text', () => {
  const headers = { a: 'on', b: 'no', c: 'y', d: '2026-01-01', e: '22:22', f: '1_000', g: '0b1' }
  const { spec } = parse(asYaml([exported(null, object({ headers }))]), { version: '1.1' }) as {
    spec: unknown
  }
  expect(spec).toEqual({ headers })
})
