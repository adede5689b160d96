import { describe, expect, it } from 'vitest'
import { judgeText } from './judge-text'

const REF = {
  cluster: 'east',
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}
const TEXT = `# ours
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: bookinfo
spec:
  hosts: [reviews]
`

describe('judgeText', () => {
  it('takes a text that is the object, with or without its namespace', () => {
    for (const text of [TEXT, TEXT.replace('  namespace: bookinfo\n', '')]) {
      expect(judgeText(text, REF)).toMatchObject({
        kind: 'fits',
        object: { metadata: { namespace: 'bookinfo' }, spec: { hosts: ['reviews'] } },
      })
    }
  })

  it.each([
    ['nothing', '', 1, /no object/],
    ['a comment alone', '# later', 1, /no object/],
    ['two documents', `${TEXT}---\n${TEXT}`, 11, /2 objects/],
    ['another kind', TEXT.replace('VirtualService', 'DestinationRule'), 3, /is a DestinationRule/],
    ['another group', TEXT.replace('networking.istio.io', 'example.io'), 3, /of example.io/],
    ['another version', TEXT.replace('/v1', '/v1beta1'), 2, /keep that apiVersion/],
    ['a list that does not close', TEXT.replace('[reviews]', '[reviews'), 9, /./],
    ['a key twice', `${TEXT}spec: {}\n`, 9, /unique/],
    ['tabs', TEXT.replace('  name:', '\tname:'), 5, /./],
    ['a Secret', 'apiVersion: v1\nkind: Secret\nmetadata: { name: reviews }', 2, /is a Secret/],
  ])('says of %s where it fails', (_what, text, line, message) => {
    const verdict = judgeText(text, REF)
    expect(verdict).toMatchObject({ kind: 'problem', line })
    expect('message' in verdict && verdict.message).toMatch(message)
  })

  it.each([
    ['another name', TEXT.replace('name: reviews', 'name: ratings'), 5, { name: 'ratings' }],
    ['another namespace', TEXT.replace('namespace: bookinfo', 'namespace: shop'), 6, { namespace: 'shop' }],
  ])('offers %s as a new object', (_what, text, line, ref) => {
    expect(judgeText(text, REF)).toMatchObject({ kind: 'elsewhere', line, ref })
  })
})
