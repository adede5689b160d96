/** A mesh of few rates, each written down, so that every figure of a graph can be worked out by hand. */
import { requestSeries, tcpSeries, type End } from './istio-metrics'

const bookinfo = (workload: string): End => ({ namespace: 'bookinfo', workload })
const shop = (workload: string, cluster = 'east'): End => ({ cluster, namespace: 'shop', workload })
const ambient = (workload: string): End => ({ namespace: 'ambient', workload })

const productpage = bookinfo('productpage-v1')
const reviews1 = bookinfo('reviews-v1')
const reviews2 = bookinfo('reviews-v2')
const ratings = bookinfo('ratings-v1')
const details = bookinfo('details-v1')

/** Rates per second by pair, reporter and outcome: what each of them is here for is written beside it. */
export const HAND_WORKED_SERIES = [
  // both proxies agree: 8 + 2 failed, all mutual TLS; each took 5 to 10 ms
  ...(['source', 'destination'] as const).flatMap((reporter) => [
    ...requestSeries({ from: productpage, to: reviews1, reporter, perSecond: 8, latency: [[10, 8]] }),
    ...requestSeries({
      from: productpage,
      to: reviews1,
      reporter,
      perSecond: 2,
      code: '500',
      latency: [[10, 2]],
    }),
  ]),
  // the other version: 5 a second, 25 to 50 ms; 3 of 5 by mutual TLS
  ...requestSeries({ from: productpage, to: reviews2, reporter: 'source', perSecond: 5, latency: [[50, 5]] }),
  ...requestSeries({ from: productpage, to: reviews2, reporter: 'destination', perSecond: 3 }),
  ...requestSeries({
    from: productpage,
    to: reviews2,
    reporter: 'destination',
    perSecond: 2,
    policy: 'none',
  }),
  // only the called side reports: a caller without a proxy
  ...requestSeries({
    from: 'unknown',
    to: productpage,
    reporter: 'destination',
    perSecond: 4,
    policy: 'none',
    latency: [[100, 4]],
  }),
  // only the caller reports
  ...requestSeries({ from: reviews1, to: ratings, reporter: 'source', perSecond: 6 }),
  // the two disagree: the caller saw a timeout where the called side saw eight answers
  ...requestSeries({ from: reviews2, to: ratings, reporter: 'source', perSecond: 7 }),
  ...requestSeries({
    from: reviews2,
    to: ratings,
    reporter: 'source',
    perSecond: 1,
    code: '504',
    flags: 'UT',
  }),
  ...requestSeries({ from: reviews2, to: ratings, reporter: 'destination', perSecond: 8 }),
  // no healthy endpoint: the service is known, the workload is not
  ...requestSeries({
    from: reviews1,
    to: 'unknown',
    service: { namespace: 'bookinfo', name: 'stock' },
    reporter: 'source',
    perSecond: 2,
    code: '503',
    flags: 'UH',
  }),
  // the client went away: no response
  ...requestSeries({ from: productpage, to: details, reporter: 'source', perSecond: 9 }),
  ...requestSeries({
    from: productpage,
    to: details,
    reporter: 'source',
    perSecond: 1,
    code: '0',
    flags: 'DC',
  }),
  // gRPC fails on HTTP 200; a call that never got an answer has no status at all
  ...requestSeries({
    from: shop('frontend-v1'),
    to: shop('cart-v1'),
    reporter: 'source',
    protocol: 'grpc',
    grpc: '0',
    perSecond: 16,
    latency: [[5, 16]],
  }),
  ...requestSeries({
    from: shop('frontend-v1'),
    to: shop('cart-v1'),
    reporter: 'source',
    protocol: 'grpc',
    grpc: '14',
    perSecond: 3,
    latency: [[5, 3]],
  }),
  ...requestSeries({
    from: shop('frontend-v1'),
    to: shop('cart-v1'),
    reporter: 'source',
    protocol: 'grpc',
    code: '0',
    flags: 'UF',
    perSecond: 1,
    latency: [[5, 1]],
  }),
  // the same workload name in another cluster, across to this one
  ...requestSeries({
    from: shop('frontend-v1', 'west'),
    to: shop('cart-v1', 'east'),
    reporter: 'source',
    protocol: 'grpc',
    grpc: '0',
    perSecond: 3,
  }),
  ...requestSeries({
    from: shop('frontend-v1', 'west'),
    to: shop('cart-v1', 'east'),
    reporter: 'destination',
    protocol: 'grpc',
    grpc: '0',
    perSecond: 3,
  }),
  // ambient: the waypoint reports requests, the node proxies the same bytes
  ...requestSeries({
    from: ambient('client-v1'),
    to: ambient('server-v1'),
    reporter: 'waypoint',
    perSecond: 5,
    latency: [[250, 5]],
  }),
  ...(['source', 'destination'] as const).flatMap((reporter) =>
    tcpSeries({
      from: ambient('client-v1'),
      to: ambient('server-v1'),
      reporter,
      app: 'ztunnel',
      sentPerSecond: 1000,
      receivedPerSecond: 500,
      openedPerSecond: 1,
    }),
  ),
  // ambient without a waypoint: bytes are all there is
  ...(['source', 'destination'] as const).flatMap((reporter) =>
    tcpSeries({
      from: ambient('client-v1'),
      to: ambient('plain-v1'),
      reporter,
      app: 'ztunnel',
      sentPerSecond: 2000,
      receivedPerSecond: 1000,
      openedPerSecond: 2,
    }),
  ),
  // sidecars: a database
  ...(['source', 'destination'] as const).flatMap((reporter) =>
    tcpSeries({
      from: ratings,
      to: bookinfo('mongodb-v1'),
      reporter,
      sentPerSecond: 300,
      receivedPerSecond: 100,
      openedPerSecond: 0.5,
    }),
  ),
]
