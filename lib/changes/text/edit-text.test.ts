import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readYaml } from '@/lib/validation/yaml'
import { editedText } from './edit-text'

const TEXT = `# owned by the shop team
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    # testers first
    - match:
        - headers:
            end-user: { exact: jason } # the tester
      route:
        - destination: { host: reviews, subset: v2 }
    - timeout: 5s # agreed with checkout
      route:
        - destination: { host: reviews, subset: v1 }
`
interface Rule {
  timeout?: string
  retries?: object
  route: unknown[]
}
interface Shape {
  spec: { hosts: string[]; http: Rule[] }
}
const change = (edit: (object: Shape) => void) => {
  const after = parse(TEXT) as Shape
  edit(after)
  return { text: editedText(TEXT, after), after }
}
const ruleOf = (object: Shape, place: number) => object.spec.http[place] as Rule

describe('editedText', () => {
  it('says nothing new of an object that did not change', () => {
    expect(parse(change(() => undefined).text)).toEqual(parse(TEXT))
  })

  it.each<[string, (object: Shape) => void]>([
    ['a field that changes', (object) => (ruleOf(object, 1).timeout = '3s')],
    ['a field that comes', (object) => (ruleOf(object, 1).retries = { attempts: 2 })],
    ['a rule put before the others', (object) => object.spec.http.unshift({ route: [] })],
    ['a rule taken out', (object) => object.spec.http.splice(1, 1)],
    ['a host more', (object) => object.spec.hosts.push('reviews.shop.svc.cluster.local')],
  ])('keeps comments with %s', (_what, edit) => {
    const { text, after } = change(edit)
    expect(parse(text)).toEqual(after)
    expect(text).toContain('# owned by the shop team')
    expect(text).toContain('end-user: { exact: jason } # the tester')
  })

  it('writes a text anew whose anchors another place shares', () => {
    const shared = 'a: &one { x: 1 }\nb: *one\n'
    expect(parse(editedText(shared, { a: { x: 1 }, b: { x: 2 } }))).toEqual({
      a: { x: 1 },
      b: { x: 2 },
    })
  })

  it('edits a field that << brought in where it stands, and no other object', () => {
    const merged = 'a: &one { x: 1, z: 2 } # all\nb: { <<: *one, w: 3 }\n'
    const after = { a: { x: 1, z: 2 }, b: { x: 9, z: 2, w: 3 } }
    const text = editedText(merged, after)
    expect(readYaml(text)).toEqual({ value: after })
    expect(text).toContain('# all')
  })

  it('edits keys that look like places of a list', () => {
    const ports = 'spec:\n  portLevelMtls:\n    8080: { mode: STRICT } # the probe\n'
    const after = { spec: { portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } } }
    expect(parse(editedText(ports, after))).toEqual(after)
  })

  it('quotes what kubectl reads as something else than text', () => {
    const text = editedText('labels: { app: web }\n', {
      labels: { app: 'web', beta: 'on', since: '2026-01-01' },
    })
    expect(text).toBe('labels:\n  app: web\n  beta: "on"\n  since: "2026-01-01"\n')
  })
})
