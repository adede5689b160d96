import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import { readForm, writeForm } from '../form'
import { faultForm, withoutFault } from './fault'
import {
  conditionPath,
  matchForm,
  narrowed,
  grpcMatchForm,
  routeMatchForm,
  takesEverything,
  type Condition,
} from './match'
import { mirrorForm, routeMirrorForm, withoutMirror } from './mirror'
import { asRedirect, asRoute, NEW_REDIRECT, routeRewriteForm } from './rewrite'

const header = (name: string, value: string): Condition => ({ field: 'header', name, how: 'exact', value })

describe('matches of a virtual service', () => {
  const rule = {
    match: [
      {
        name: 'one',
        uri: { prefix: '/a' },
        headers: { 'x-user': { exact: 'jason' }, 'x-odd': { glob: '*' } },
        statPrefix: 's',
      },
      { queryParams: { q: {} }, ignoreUriCase: false },
    ],
  }

  it('are alternatives of conditions', () => {
    expect(readForm(matchForm, rule).alternatives).toEqual([
      {
        origin: 0,
        ignoreCase: false,
        conditions: [
          { field: 'path', name: '', how: 'prefix', value: '/a' },
          { field: 'header', name: 'x-user', how: 'exact', value: 'jason' },
        ],
      },
      {
        origin: 1,
        ignoreCase: false,
        conditions: [{ field: 'queryParam', name: 'q', how: 'present', value: '' }],
      },
    ])
  })

  it('keep what the form cannot show when a condition changes', () => {
    const { alternatives } = readForm(matchForm, rule)
    const [first, second] = alternatives
    const next = writeForm(matchForm, rule, {
      alternatives: [
        { ...present(first), conditions: [header('x-user', 'anna'), header('x-new', '1')] },
        present(second),
      ],
    })
    expect(next.match).toEqual([
      {
        name: 'one',
        headers: { 'x-user': { exact: 'anna' }, 'x-odd': { glob: '*' }, 'x-new': { exact: '1' } },
        statPrefix: 's',
      },
      rule.match[1],
    ])
  })

  it.each([
    [[], true],
    [[{ origin: 0, ignoreCase: false, conditions: [] }], true],
    [[{ origin: 0, ignoreCase: false, conditions: [header('a', 'b')] }], false],
  ])('take everything without conditions (%#)', (alternatives, everything) => {
    expect(takesEverything(alternatives)).toBe(everything)
  })

  it('are narrowed in every alternative, and made where there were none', () => {
    expect(narrowed({ route: [] }, 'VirtualService', header('x-tester', 'true'))).toEqual({
      route: [],
      match: [{ headers: { 'x-tester': { exact: 'true' } } }],
    })
    const both = narrowed(
      { match: [{ uri: { exact: '/' } }, { port: 80 }] },
      'VirtualService',
      header('t', '1'),
    )
    expect(both.match).toEqual([
      { uri: { exact: '/' }, headers: { t: { exact: '1' } } },
      { port: 80, headers: { t: { exact: '1' } } },
    ])
  })
})

describe('matches of a route', () => {
  it('leave the path that stands for every one out of the form and in the object', () => {
    const rule = { matches: [{ path: { type: 'PathPrefix', value: '/' } }] }
    expect(readForm(routeMatchForm, rule).alternatives).toEqual([
      { origin: 0, conditions: [], ignoreCase: false },
    ])
    expect(narrowed(rule, 'HTTPRoute', header('t', '1'))).toEqual({
      matches: [{ path: { type: 'PathPrefix', value: '/' }, headers: [{ name: 't', value: '1' }] }],
    })
  })
})

describe('matches of a gRPC route', () => {
  const rule = {
    matches: [
      { method: { type: 'Exact', service: 'shop.Stock' }, headers: [{ name: 't', value: '1' }], extra: 1 },
    ],
  }
  const rewritten = (edit: (conditions: Condition[]) => Condition[]) => {
    const { alternatives } = grpcMatchForm
    return alternatives.write(
      rule,
      alternatives.read(rule).map((each) => ({ ...each, conditions: edit(each.conditions) })),
    )
  }

  it('are the service, the method and headers', () => {
    expect(readForm(grpcMatchForm, rule).alternatives[0]?.conditions).toEqual([
      { field: 'grpcService', name: '', how: 'exact', value: 'shop.Stock' },
      header('t', '1'),
    ])
  })

  it('get a method beside the service, and keep what the form does not show', () => {
    expect(
      rewritten((all) => [...all, { field: 'grpcMethod', name: '', how: 'exact', value: 'Get' }]),
    ).toEqual({
      matches: [
        {
          method: { type: 'Exact', service: 'shop.Stock', method: 'Get' },
          headers: [{ name: 't', value: '1' }],
          extra: 1,
        },
      ],
    })
  })

  it('compare both by the way that was chosen last', () => {
    const both = rewritten((all) => [
      { field: 'grpcService', name: '', how: 'regex', value: 'shop[.].*' },
      { field: 'grpcMethod', name: '', how: 'exact', value: 'Get' },
      ...all.slice(1),
    ])
    expect(both).toMatchObject({
      matches: [{ method: { type: 'RegularExpression', service: 'shop[.].*', method: 'Get' } }],
    })
    expect(rewritten((all) => all.slice(1))).toEqual({
      matches: [{ headers: [{ name: 't', value: '1' }], extra: 1 }],
    })
  })
})

describe('faults', () => {
  it('take the percentage of old for the delay, and replace it when it is edited', () => {
    const rule = { fault: { delay: { fixedDelay: '1s', percent: 20 } } }
    const form = readForm(faultForm, rule)
    expect(form.delay?.percent).toBe(20)
    expect(writeForm(faultForm, rule, { abort: null, delay: { fixedDelay: '1s', percent: 30 } })).toEqual({
      fault: { delay: { fixedDelay: '1s', percentage: { value: 30 } } },
    })
  })

  it('are removed with one step', () => {
    expect(withoutFault({ timeout: '1s', fault: { delay: {}, unknown: 1 } })).toEqual({ timeout: '1s' })
  })
})

describe('mirrors of a virtual service', () => {
  const rule = { mirror: { host: 'a', subset: 'v2' }, mirror_percent: 20 }

  it.each([
    ['one, as it stands', rule, 20],
    ['several', { mirrors: [{ destination: { host: 'a', subset: 'v2' }, percentage: { value: 20 } }] }, 20],
    ['all requests', { mirror: { host: 'a', subset: 'v2' } }, null],
  ])('are read: %s', (_, from, percent) => {
    expect(readForm(mirrorForm, from).mirrors).toEqual([
      { host: 'a', subset: 'v2', namespace: '', port: null, percent, origin: 0 },
    ])
  })

  it('stay one mirror when only its share is edited', () => {
    const [mirror] = readForm(mirrorForm, rule).mirrors
    expect(writeForm(mirrorForm, rule, { mirrors: [{ ...present(mirror), percent: 5 }] })).toEqual({
      mirror: rule.mirror,
      mirrorPercentage: { value: 5 },
    })
  })

  it('become a list when a second one comes', () => {
    const [mirror] = readForm(mirrorForm, rule).mirrors
    const fresh = { host: 'b', subset: '', namespace: '', port: 80, percent: null, origin: null }
    expect(writeForm(mirrorForm, rule, { mirrors: [present(mirror), fresh] })).toEqual({
      mirrors: [
        { destination: rule.mirror, percentage: { value: 20 } },
        { destination: { host: 'b', port: { number: 80 } } },
      ],
    })
  })

  it('are removed with one step', () => {
    expect(withoutMirror({ ...rule, timeout: '1s' })).toEqual({ timeout: '1s' })
  })
})

describe('mirrors of a route', () => {
  const other = { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [] } }
  const rule = {
    filters: [
      other,
      { type: 'RequestMirror', requestMirror: { backendRef: { name: 'a', port: 80 }, percent: 10 } },
    ],
  }

  it('are filters among others, which stay', () => {
    const [mirror] = readForm(routeMirrorForm, rule).mirrors
    expect(mirror).toMatchObject({ host: 'a', port: 80, percent: 10, origin: 1 })
    expect(writeForm(routeMirrorForm, rule, { mirrors: [] })).toEqual({ filters: [other] })
    expect(
      writeForm(routeMirrorForm, rule, { mirrors: [{ ...present(mirror), percent: 0.5 }] }).filters,
    ).toEqual([
      other,
      {
        type: 'RequestMirror',
        requestMirror: {
          backendRef: { name: 'a', port: 80 },
          fraction: { numerator: 500, denominator: 100_000 },
        },
      },
    ])
  })
})

describe('redirects', () => {
  it('take the place of what they exclude, and give it back as a plain route', () => {
    const rule = { match: [{ port: 80 }], route: [{ destination: { host: 'a' } }], fault: { abort: {} } }
    const redirect = asRedirect(rule, NEW_REDIRECT)
    expect(redirect).toEqual({ match: rule.match, redirect: { scheme: 'https', redirectCode: 301 } })
    expect(asRoute(redirect, 'a')).toEqual({ match: rule.match, route: [{ destination: { host: 'a' } }] })
  })

  it('of a route replace the path in one of two ways', () => {
    const rule = {
      filters: [
        {
          type: 'URLRewrite',
          urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/a' }, unknown: 1 },
        },
      ],
    }
    const form = readForm(routeRewriteForm, rule)
    expect(form.rewrite).toEqual({ hostname: '', path: { type: 'ReplacePrefixMatch', value: '/a' } })
    const next = writeForm(routeRewriteForm, rule, {
      redirect: null,
      rewrite: { hostname: '', path: { type: 'ReplaceFullPath', value: '/b' } },
    })
    expect(next).toEqual({
      filters: [
        {
          type: 'URLRewrite',
          urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/b' }, unknown: 1 },
        },
      ],
    })
  })
})

describe('conditionPath', () => {
  const conditions: Condition[] = [
    { field: 'path', name: '', how: 'prefix', value: '/' },
    header('a', '1'),
    header('b', '2'),
    { field: 'sourceLabel', name: 'app', how: 'exact', value: 'web' },
    { field: 'gateway', name: '', how: 'exact', value: 'mesh' },
    { field: 'grpcService', name: '', how: 'exact', value: 'shop.Stock' },
    { field: 'grpcMethod', name: '', how: 'exact', value: 'Get' },
  ]
  it.each([
    ['VirtualService', 0, 'match.1.uri'],
    ['VirtualService', 2, 'match.1.headers.b'],
    ['VirtualService', 3, 'match.1.sourceLabels.app'],
    ['VirtualService', 4, 'match.1.gateways'],
    ['HTTPRoute', 0, 'matches.1.path'],
    ['HTTPRoute', 2, 'matches.1.headers.1'],
    ['GRPCRoute', 5, 'matches.1.method.service'],
    ['GRPCRoute', 6, 'matches.1.method.method'],
    ['GRPCRoute', 1, 'matches.1.headers.0'],
  ] as const)('of a %s at %i is %s', (kind, place, expected) => {
    expect(conditionPath(kind, 1, conditions, place).join('.')).toBe(expected)
  })
})
