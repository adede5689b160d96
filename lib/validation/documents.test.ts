import { describe, expect, it } from 'vitest'
import { parseDocuments } from './documents'

const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  http:
  - route:
    - destination:
        host: reviews
`

describe('parseDocuments', () => {
  it('knows the line of a place, and the nearest enclosing one of an absent place', () => {
    const { objects, lineOf } = parseDocuments(`# first line\n---\n${VIRTUAL_SERVICE}`)
    const [object] = objects
    if (!object) throw new Error('no object')
    expect(lineOf(object, ['spec', 'http', 0, 'route', 0, 'destination', 'host'])).toBe(11)
    expect(lineOf(object, ['spec', 'http', 0, 'timeout'])).toBe(9)
    expect(lineOf(object, null)).toBe(3)
  })

  it('gives namespaced objects the default namespace and leaves cluster-scoped ones without', () => {
    const { objects } = parseDocuments(
      `${VIRTUAL_SERVICE}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n`,
    )
    expect(objects.map((object) => object.metadata.namespace)).toEqual(['default', undefined])
  })

  it('opens lists and passes over empty documents', () => {
    const text = `---\n---\napiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n- {apiVersion: v1, kind: Service, metadata: {name: b}}\n`
    const { objects, lineOf } = parseDocuments(text)
    expect(objects.map((object) => [object.metadata.name, lineOf(object, null)])).toEqual([
      ['a', 6],
      ['b', 7],
    ])
  })

  it.each([
    ['broken YAML', 'a: [1', /^flow [^\d]*$/i, 1],
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}', /kind/, 1],
    ['no name', 'apiVersion: v1\nkind: Service\nmetadata: {}', /metadata\.name/, 3],
    [
      'a label that is no text',
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  labels:\n    a: b\n    on: yes',
      /labels\.true: .* boolean/,
      7,
    ],
    ['a list instead of an object', '- a\n- b', /not a Kubernetes object/, 1],
  ])('says what is wrong with %s and where', (_, text, message, line) => {
    const { objects, problems } = parseDocuments(text)
    expect(objects).toEqual([])
    expect(problems[0]?.message).toMatch(message)
    expect(problems[0]?.line).toBe(line)
  })

  it('still answers the good documents beside a bad one', () => {
    const { objects, problems } = parseDocuments(`a: [1\n---\n${VIRTUAL_SERVICE}`)
    expect(objects).toHaveLength(1)
    expect(problems).toHaveLength(1)
  })

  it('refuses aliases that multiply', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++) {
      const [name, before] = ['abcdefghi'[i], 'abcdefghi'[i - 1]]
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`)
    }
    expect(parseDocuments(bomb.join('\n')).problems[0]?.message).toMatch(/aliases/)
  })

  it.each([
    ['an alias without an anchor', 'x: *nope', 'no anchor &nope stands before the alias *nope'],
    ['a value within itself', 'x: &x\n  y: *x', 'its values are nested more than 200 levels deep'],
    [
      'deep nesting',
      `x: ${'['.repeat(250)}${']'.repeat(250)}`,
      'its values are nested more than 200 levels deep',
    ],
    ['a number that JSON lacks', 'x: .nan', 'JSON has no number NaN; write another'],
  ])('refuses %s', (_, text, message) => {
    expect(parseDocuments(`${VIRTUAL_SERVICE}${text}\n`).problems).toEqual([{ message, line: 1 }])
  })

  it('names no place where the document as a whole is wrong', () => {
    expect(parseDocuments('- a').problems[0]?.message).toMatch(/^not a Kubernetes object: Invalid/)
  })
})
