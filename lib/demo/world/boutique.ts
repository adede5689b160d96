/**
 * Online Boutique: eleven services over gRPC, a Redis, a load generator. Its pods have no version label.
 * Topology: GoogleCloudPlatform/microservices-demo. Currency also runs in the other cluster, where a partner
 * calls the shop.
 */
import type { CallSpec, EndpointSpec } from '@/lib/demo/model'
import { boutiqueConfig } from './boutique-config'
import type { Area, WorkloadPlan } from './build/area'
import { OTHER_CLUSTER, entries, service, workload } from './build/area'
import { call, callGrpc, grpc, http, tcp } from './build/calls'

const NAMESPACE = 'boutique'
const HOST = 'shop.example.com'

// service addresses, as the manifests number them
const ADS = 'boutique/adservice:9555'
const CART = 'boutique/cartservice:7070'
const CATALOG = 'boutique/productcatalogservice:3550'
const CHECKOUT = 'boutique/checkoutservice:5050'
const CURRENCY = 'boutique/currencyservice:7000'
const EMAIL = 'boutique/emailservice:5000'
const PAYMENT = 'boutique/paymentservice:50051'
const RECOMMENDATION = 'boutique/recommendationservice:8080'
const SHIPPING = 'boutique/shippingservice:50051'

export function boutique(): Area {
  return {
    namespaces: [{ name: NAMESPACE, labels: { 'istio-injection': 'enabled', team: 'storefront' } }],
    workloads: [
      app('loadgenerator', [], { replicas: 1 }),
      frontend(),
      checkout(),
      cart(),
      app('redis-cart', [tcp({ port: 6379, latencyMs: [0.4, 2.5], bytes: [160, 420] })], {
        image: 'docker.io/library/redis:7.4-alpine',
      }),
      catalog(),
      currency('east'),
      currency(OTHER_CLUSTER),
      app('recommendationservice', [
        grpc('hipstershop.RecommendationService/ListRecommendations', {
          port: 8080,
          latencyMs: [4, 19],
          bytes: [190, 210],
          calls: [callGrpc(CATALOG, 'hipstershop.ProductCatalogService/ListProducts')],
        }),
      ]),
      app('shippingservice', [
        grpc('hipstershop.ShippingService/GetQuote', { port: 50051, latencyMs: [1.5, 8], bytes: [340, 52] }),
        grpc('hipstershop.ShippingService/ShipOrder', {
          port: 50051,
          latencyMs: [2.5, 12],
          bytes: [360, 66],
        }),
      ]),
      app('emailservice', [
        grpc('hipstershop.EmailService/SendOrderConfirmation', {
          port: 8080,
          latencyMs: [11, 60],
          bytes: [980, 40],
          // straight to a host that no ServiceEntry names: the passthrough cluster
          calls: [call('smtp.mailer.example:587', '', 1, { required: false })],
        }),
      ]),
      app('paymentservice', [
        grpc('hipstershop.PaymentService/Charge', {
          port: 50051,
          latencyMs: [3, 14],
          bytes: [410, 76],
          calls: [call('payments/payments-api:80', 'POST /v1/payments')],
        }),
      ]),
      app('adservice', [
        grpc('hipstershop.AdService/GetAds', {
          port: 9555,
          latencyMs: [3, 21],
          bytes: [150, 320],
          calls: [call('bids.adnetwork.example:80', 'POST /bid', 0.15, { required: false })],
        }),
      ]),
      partnerApi(),
    ],
    services: [
      service({ namespace: NAMESPACE, name: 'frontend', ports: [[80, 'http', 8080]] }),
      service({
        namespace: NAMESPACE,
        name: 'frontend-external',
        selector: { app: 'frontend' },
        ports: [[80, 'http', 8080]],
      }),
      service({ namespace: NAMESPACE, name: 'adservice', ports: [[9555, 'grpc']] }),
      service({ namespace: NAMESPACE, name: 'cartservice', ports: [[7070, 'grpc']] }),
      service({ namespace: NAMESPACE, name: 'checkoutservice', ports: [[5050, 'grpc']] }),
      service({ namespace: NAMESPACE, name: 'currencyservice', ports: [[7000, 'grpc']] }),
      service({ namespace: NAMESPACE, name: 'emailservice', ports: [[5000, 'grpc', 8080]] }),
      service({ namespace: NAMESPACE, name: 'paymentservice', ports: [[50051, 'grpc']] }),
      service({
        namespace: NAMESPACE,
        name: 'productcatalogservice',
        ports: [[3550, 'grpc']],
        annotations: { 'heddle.io/slo-availability': '99.9', 'heddle.io/slo-window': '1d' },
      }),
      service({ namespace: NAMESPACE, name: 'recommendationservice', ports: [[8080, 'grpc']] }),
      service({ namespace: NAMESPACE, name: 'shippingservice', ports: [[50051, 'grpc']] }),
      service({ namespace: NAMESPACE, name: 'redis-cart', ports: [[6379, 'tcp', 6379, 'tcp-redis']] }),
    ],
    externals: [
      {
        host: 'smtp.mailer.example',
        port: 587,
        protocol: 'tcp',
        registered: false,
        latencyMs: { median: 38, p99: 140 },
        errorRatio: 0,
      },
      {
        host: 'bids.adnetwork.example',
        port: 80,
        protocol: 'http',
        registered: false,
        latencyMs: { median: 24, p99: 95 },
        errorRatio: 0,
      },
      {
        host: 'rates.centralbank.example',
        port: 443,
        protocol: 'https',
        registered: true,
        latencyMs: { median: 46, p99: 180 },
        errorRatio: 0,
      },
    ],
    entries: [
      ...entries({
        id: 'boutique-loadgenerator',
        from: 'boutique/loadgenerator',
        to: 'boutique/frontend:80',
        rates: {
          'GET /': 10,
          'POST /setCurrency': 3,
          'GET /product/OLJCESPC7Z': 12,
          'GET /cart': 3.5,
          'POST /cart': 2.5,
          'POST /cart/checkout': 1.3,
        },
        dayAmplitude: 0.15,
      }),
      ...entries({
        id: 'boutique-shoppers',
        to: 'istio-system/istio-ingressgateway:80',
        host: HOST,
        rates: {
          'GET /': 2.8,
          'GET /product/OLJCESPC7Z': 3.6,
          'GET /cart': 0.7,
          'POST /cart': 0.5,
          'POST /cart/checkout': 0.3,
        },
        dayAmplitude: 0.45,
      }),
      ...entries({
        id: 'partner-rates',
        from: 'west/boutique/partner-api',
        to: CURRENCY,
        rates: { 'POST /hipstershop.CurrencyService/Convert': 4 },
      }),
      ...entries({
        id: 'partner-catalog',
        from: 'west/boutique/partner-api',
        to: CATALOG,
        rates: { 'POST /hipstershop.ProductCatalogService/ListProducts': 2 },
      }),
    ],
    objects: boutiqueConfig(HOST),
  }
}

function app(
  name: string,
  endpoints: EndpointSpec[],
  options: { replicas?: number; image?: string; cluster?: string } = {},
): WorkloadPlan {
  return workload({
    namespace: NAMESPACE,
    app: name,
    replicas: options.replicas ?? 1,
    image: options.image ?? `us-central1-docker.pkg.dev/google-samples/microservices-demo/${name}:v0.10.3`,
    endpoints,
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
    ageDays: 27,
  })
}

function frontend(): WorkloadPlan {
  const getCart = callGrpc(CART, 'hipstershop.CartService/GetCart')
  const currencies = callGrpc(CURRENCY, 'hipstershop.CurrencyService/GetSupportedCurrencies')
  const recommendations = (shown: number): CallSpec[] => [
    callGrpc(RECOMMENDATION, 'hipstershop.RecommendationService/ListRecommendations'),
    ...(shown > 0 ? [callGrpc(CATALOG, 'hipstershop.ProductCatalogService/GetProduct', shown)] : []),
  ]
  const convert = (times: number) => callGrpc(CURRENCY, 'hipstershop.CurrencyService/Convert', times)
  const ads = callGrpc(ADS, 'hipstershop.AdService/GetAds', 1, { required: false })
  return app(
    'frontend',
    [
      http('GET /', {
        port: 8080,
        latencyMs: [8, 34],
        bytes: [520, 10_800],
        calls: [
          currencies,
          callGrpc(CATALOG, 'hipstershop.ProductCatalogService/ListProducts'),
          getCart,
          convert(9),
          ads,
        ],
      }),
      http('GET /product/OLJCESPC7Z', {
        port: 8080,
        latencyMs: [7, 30],
        bytes: [560, 8_200],
        clientErrorRatio: 0.01,
        // the page's own product and two of those recommended
        calls: [currencies, getCart, convert(1), ...recommendations(3), ads],
      }),
      http('POST /setCurrency', { port: 8080, latencyMs: [2, 9], bytes: [610, 180] }),
      http('GET /cart', {
        port: 8080,
        latencyMs: [7, 28],
        bytes: [540, 7_400],
        calls: [
          currencies,
          getCart,
          ...recommendations(3),
          convert(3),
          callGrpc(SHIPPING, 'hipstershop.ShippingService/GetQuote'),
        ],
      }),
      http('POST /cart', {
        port: 8080,
        latencyMs: [4, 18],
        bytes: [690, 210],
        calls: [
          callGrpc(CATALOG, 'hipstershop.ProductCatalogService/GetProduct'),
          callGrpc(CART, 'hipstershop.CartService/AddItem'),
        ],
      }),
      http('POST /cart/checkout', {
        port: 8080,
        latencyMs: [10, 45],
        bytes: [940, 6_900],
        calls: [
          callGrpc(CHECKOUT, 'hipstershop.CheckoutService/PlaceOrder'),
          ...recommendations(0),
          currencies,
        ],
      }),
    ],
    { replicas: 3 },
  )
}

function checkout(): WorkloadPlan {
  return app(
    'checkoutservice',
    [
      grpc('hipstershop.CheckoutService/PlaceOrder', {
        port: 5050,
        latencyMs: [6, 26],
        bytes: [820, 640],
        calls: [
          callGrpc(CART, 'hipstershop.CartService/GetCart'),
          callGrpc(CATALOG, 'hipstershop.ProductCatalogService/GetProduct', 2),
          callGrpc(CURRENCY, 'hipstershop.CurrencyService/Convert', 3),
          callGrpc(SHIPPING, 'hipstershop.ShippingService/GetQuote'),
          call('inventory/stock-api:80', 'POST /stock/reserve'),
          callGrpc(PAYMENT, 'hipstershop.PaymentService/Charge'),
          callGrpc(SHIPPING, 'hipstershop.ShippingService/ShipOrder'),
          callGrpc(CART, 'hipstershop.CartService/EmptyCart'),
          callGrpc(EMAIL, 'hipstershop.EmailService/SendOrderConfirmation', 1, { required: false }),
        ],
      }),
    ],
    { replicas: 2 },
  )
}

function cart(): WorkloadPlan {
  const redis = call('boutique/redis-cart:6379', '')
  const bytes: [number, number] = [180, 260]
  return app(
    'cartservice',
    [
      grpc('hipstershop.CartService/GetCart', { port: 7070, latencyMs: [1.8, 9], bytes, calls: [redis] }),
      grpc('hipstershop.CartService/AddItem', { port: 7070, latencyMs: [2.1, 11], bytes, calls: [redis] }),
      grpc('hipstershop.CartService/EmptyCart', { port: 7070, latencyMs: [1.6, 8], bytes, calls: [redis] }),
    ],
    { replicas: 2 },
  )
}

function catalog(): WorkloadPlan {
  return app(
    'productcatalogservice',
    [
      grpc('hipstershop.ProductCatalogService/ListProducts', {
        port: 3550,
        latencyMs: [1.4, 8],
        bytes: [90, 2_950],
      }),
      grpc('hipstershop.ProductCatalogService/GetProduct', {
        port: 3550,
        latencyMs: [0.9, 5],
        bytes: [120, 410],
      }),
    ],
    { replicas: 2 },
  )
}

function currency(cluster: string): WorkloadPlan {
  return app(
    'currencyservice',
    [
      grpc('hipstershop.CurrencyService/GetSupportedCurrencies', {
        port: 7000,
        latencyMs: [0.8, 4],
        bytes: [80, 240],
      }),
      grpc('hipstershop.CurrencyService/Convert', {
        port: 7000,
        latencyMs: [0.9, 5],
        bytes: [130, 96],
        calls: [call('rates.centralbank.example:443', '', 0.002, { required: false })],
      }),
    ],
    { replicas: cluster === OTHER_CLUSTER ? 1 : 3, cluster },
  )
}

/** A caller that runs in the other cluster and is known here from labels only. */
function partnerApi(): WorkloadPlan {
  return workload({
    namespace: NAMESPACE,
    cluster: OTHER_CLUSTER,
    app: 'partner-api',
    version: 'v1',
    name: 'partner-api',
    replicas: 2,
    image: 'ghcr.io/example/partner-api:2.3.0',
  })
}
