import { describe, expect, it } from 'vitest'
import { findKind } from '../kinds'
import type { ResourceKind } from '../kinds'
import { ApiError } from './api-error'
import { parseFieldSelector, parseLabelSelector } from './selectors'

function pod(labels: Record<string, string>) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'reviews', namespace: 'bookinfo', labels },
    spec: { nodeName: 'node-1' },
    status: { phase: 'Running' },
  }
}

describe('parseLabelSelector', () => {
  const subject = pod({ app: 'reviews', version: 'v1', 'istio.io/rev': 'canary' })
  it.each([
    ['', true],
    ['app=reviews', true],
    ['app==reviews', true],
    ['app = reviews', true],
    ['app=ratings', false],
    ['app!=ratings', true],
    ['missing!=x', true],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['!app', false],
    ['app in (ratings,reviews)', true],
    ['app in ( ratings , details )', false],
    ['version notin (v2,v3)', true],
    ['missing notin (v2)', true],
    ['version notin (v1)', false],
    ['app=reviews,version in (v1,v2),!missing', true],
    ['app=reviews,version=v2', false],
    ['istio.io/rev=canary', true],
    ['app=', false],
  ])('%j is %s', (selector, expected) => {
    expect(parseLabelSelector(selector)(subject)).toBe(expected)
  })

  it.each(['app in reviews', 'a=b=c', 'a b', '=x'])('refuses %j', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(ApiError)
  })
})

describe('parseFieldSelector', () => {
  const pods = findKind('Pod', '') as ResourceKind
  const services = findKind('VirtualService', 'networking.istio.io') as ResourceKind
  it.each([
    ['metadata.name=reviews', true],
    ['metadata.name=ratings', false],
    ['metadata.namespace=bookinfo,status.phase=Running', true],
    ['status.phase!=Running', false],
    ['spec.nodeName=node-1,status.phase!=Failed,status.phase!=Succeeded', true],
    ['status.nominatedNodeName=', true],
  ])('%j is %s', (selector, expected) => {
    expect(parseFieldSelector(selector, pods)(pod({}))).toBe(expected)
  })

  it.each(['spec.hosts=x', 'status.phase=Running'])('refuses %j of a custom kind', (selector) => {
    expect(() => parseFieldSelector(selector, services)).toThrow(/field label not supported/)
  })
})
