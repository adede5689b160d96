import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { orderSteps, type Step } from './order'

const object = (kind: string, spec: unknown = {}): ConfigObject => ({
  apiVersion: 'x/v1',
  kind,
  metadata: { name: kind.toLowerCase(), namespace: 'shop' },
  spec,
})
const subsets = (...names: string[]) =>
  object('DestinationRule', { subsets: names.map((name) => ({ name })) })
const mode = (text: string) => object('PeerAuthentication', { mtls: { mode: text } })

const route: Step = { before: object('VirtualService'), after: object('VirtualService', { http: [] }) }
const addSubset: Step = { before: subsets('v1'), after: subsets('v1', 'v2') }
const removeSubset: Step = { before: subsets('v1', 'v2'), after: subsets('v1') }
const newRule: Step = { before: null, after: subsets('v1') }
const noRule: Step = { before: subsets('v1'), after: null }
const noRoute: Step = { before: object('HTTPRoute'), after: null }
const strict: Step = { before: mode('PERMISSIVE'), after: mode('STRICT') }
const permissive: Step = { before: mode('STRICT'), after: mode('PERMISSIVE') }
const newGateway: Step = { before: null, after: object('Gateway') }

describe('the order of several objects', () => {
  it.each<[string, Step[], Step[]]>([
    ['a subset before the route that uses it', [route, addSubset], [addSubset, route]],
    ['a new rule before the route', [route, newRule], [newRule, route]],
    ['a new gateway before the route', [route, newGateway], [newGateway, route]],
    ['the route before its subset goes', [removeSubset, route], [route, removeSubset]],
    ['the route deleted before the rule', [noRule, noRoute], [noRoute, noRule]],
    ['STRICT after the callers', [strict, addSubset, route], [addSubset, route, strict]],
    ['PERMISSIVE before the callers', [route, permissive], [permissive, route]],
    [
      'a policy that goes before the callers',
      [route, { before: mode('STRICT'), after: null }],
      [{ before: mode('STRICT'), after: null }, route],
    ],
    [
      'an exception that goes after the callers',
      [{ before: mode('PERMISSIVE'), after: null }, route],
      [route, { before: mode('PERMISSIVE'), after: null }],
    ],
    [
      'an exception that is left to the namespace after the callers',
      [{ before: mode('DISABLE'), after: mode('UNSET') }, route],
      [route, { before: mode('DISABLE'), after: mode('UNSET') }],
    ],
    [
      'STRICT left to the namespace before the callers',
      [route, { before: mode('STRICT'), after: mode('UNSET') }],
      [{ before: mode('STRICT'), after: mode('UNSET') }, route],
    ],
    [
      'the end of mutual TLS after the callers that send it',
      [{ before: mode('PERMISSIVE'), after: mode('DISABLE') }, addSubset],
      [addSubset, { before: mode('PERMISSIVE'), after: mode('DISABLE') }],
    ],
    [
      'its beginning before the callers that will',
      [addSubset, { before: mode('DISABLE'), after: mode('PERMISSIVE') }],
      [{ before: mode('DISABLE'), after: mode('PERMISSIVE') }, addSubset],
    ],
    ['equals as they were given', [newGateway, newRule], [newGateway, newRule]],
  ])('puts %s', (_, given, expected) => {
    expect(orderSteps(given)).toEqual({ steps: expected })
  })

  it('refuses a rule that swaps subsets under routes that change', () => {
    const swap: Step = { before: subsets('v1'), after: subsets('v2') }
    expect(orderSteps([route, swap])).toMatchObject({
      step: swap,
      problem: expect.stringMatching(/adds the subset v2 and removes v1/) as string,
    })
    expect(orderSteps([swap])).toEqual({ steps: [swap] })
  })
})
