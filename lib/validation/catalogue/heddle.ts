/** Help for Heddle’s own codes. */
import type { Catalogue } from './help'

export const HEDDLE_CHECKS: Catalogue = {
  HED0001: {
    title: 'STRICT while plain text is still sent',
    kinds: ['PeerAuthentication'],
    meaning:
      'The policy makes workloads refuse plain text, and telemetry shows callers that send it. One request in the window is enough. Silent where ports of the workload have modes of their own, because telemetry does not name the port.',
    harm: 'Every call of these callers fails as soon as the policy is in force.',
    fix: 'Bring the callers into the mesh, or stay with PERMISSIVE until they are.',
    before: 'mtls: { mode: STRICT } # legacy/batch has no sidecar',
    after: 'mtls: { mode: PERMISSIVE }',
  },
  HED0002: {
    title: 'Mutual TLS to a pod without a proxy',
    kinds: ['DestinationRule'],
    meaning:
      'The rule makes callers use ISTIO_MUTUAL, and a pod of the host has no sidecar and is not in ambient mode.',
    harm: 'Calls that reach the pod fail in the TLS handshake.',
    fix: 'Bring the pod into the mesh, or remove the TLS setting: automatic mutual TLS chooses by endpoint.',
    before: 'trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }',
    after: 'trafficPolicy: {}',
  },
  HED0003: {
    title: 'A weight for pods that are not ready',
    kinds: ['VirtualService'],
    meaning: 'A subset is to get traffic, has pods, and none of them is ready.',
    harm: 'Its share of requests fails with 503.',
    fix: 'Move the weight away until the pods are ready.',
    before: '- { destination: { host: a, subset: v2 }, weight: 10 } # no pod ready',
    after: '- { destination: { host: a, subset: v2 }, weight: 0 }',
  },
  HED0004: {
    title: 'Weights that do not make 100',
    kinds: ['VirtualService', 'HTTPRoute', 'GRPCRoute'],
    meaning:
      'The weights of a route are relative, and their sum is not 100. Of routes of the Gateway API, which count from no particular sum, only weights that are all 0 are meant.',
    harm: 'The shares are others than the numbers say; with all weights 0 every request fails.',
    fix: 'Write weights that make 100, and leave one above 0.',
    before: '- { destination: { host: a }, weight: 45 }\n- { destination: { host: b }, weight: 5 }',
    after: '- { destination: { host: a }, weight: 90 }\n- { destination: { host: b }, weight: 10 }',
  },
  HED0005: {
    title: 'Traffic does not follow the weights',
    kinds: ['VirtualService', 'HTTPRoute', 'GRPCRoute'],
    meaning:
      'A destination’s observed share is more than 10 points from its weight, and more than four standard errors. It takes at least 200 requests in the window, and weights that have stood longer than the window.',
    harm: 'A canary gets more users than it was meant to, or none, and its figures prove nothing.',
    fix: 'Look for sticky sessions, another route for the same host, callers without a proxy, and proxies that have not taken the configuration.',
    before: '- { destination: { host: a, subset: v2 }, weight: 10 } # gets 50 % of the requests',
    after: '- { destination: { host: a, subset: v2 }, weight: 10 } # gets 10 % of the requests',
  },
  HED0006: {
    title: 'A virtual service and an HTTPRoute for one host',
    kinds: ['VirtualService'],
    meaning: 'Both route the requests for a service inside the mesh.',
    harm: 'Only one is in force: a canary or a fault in the other never happens.',
    fix: 'Keep one.',
    before:
      'kind: VirtualService\nspec: { hosts: [cart] }\n---\nkind: HTTPRoute\nspec: { parentRefs: [{ kind: Service, name: cart }] }',
    after: 'kind: HTTPRoute\nspec: { parentRefs: [{ kind: Service, name: cart }] }',
  },
  HED0007: {
    title: 'Retries that do not fit into the timeout',
    kinds: ['VirtualService'],
    meaning: 'All tries of perTryTimeout together take longer than the timeout of the route.',
    harm: 'The timeout cuts the last tries off: load without use.',
    fix: 'Shorten perTryTimeout, make fewer attempts, or lengthen the timeout.',
    before: 'timeout: 5s\nretries: { attempts: 3, perTryTimeout: 2s }',
    after: 'timeout: 10s\nretries: { attempts: 3, perTryTimeout: 2s }',
  },
  HED0008: {
    title: 'Outlier ejection that never acts, or may eject all',
    kinds: ['DestinationRule'],
    meaning: 'Every kind of error is switched off, or all endpoints may be ejected with nothing to stop it.',
    harm: 'Bad endpoints stay; or a fault of all of them empties the pool.',
    fix: 'Set consecutive5xxErrors, and keep maxEjectionPercent below 100 or set minHealthPercent.',
    before: 'outlierDetection: { maxEjectionPercent: 100 }',
    after: 'outlierDetection: { maxEjectionPercent: 50 }',
  },
  HED0009: {
    title: 'A timeout shorter than the observed P99',
    kinds: ['VirtualService', 'HTTPRoute'],
    meaning:
      'More than 1 of 100 requests to a destination takes longer than the timeout, or than one try, as callers see it. It takes at least 500 requests in the window.',
    harm: 'Those requests end with 504, or are made again and again while the service still works on them.',
    fix: 'Lengthen the timeout above P99, or make the service faster first.',
    before: 'timeout: 500ms # P99 is 800 ms',
    after: 'timeout: 2s',
  },
  HED0010: {
    title: 'Telemetry that hides what Heddle draws from',
    kinds: ['Telemetry'],
    meaning:
      'An override of Prometheus metrics switches off requests, latency or TCP traffic, or removes or writes over a label that names caller, called side or outcome.',
    harm: 'Traffic of these workloads is missing from the graph, or stands at the wrong place, and their health is not known.',
    fix: 'Leave these metrics and labels on; take away only others.',
    before: 'metrics:\n- overrides:\n  - match: { metric: REQUEST_COUNT }\n    disabled: true',
    after: 'metrics:\n- overrides:\n  - match: { metric: REQUEST_SIZE }\n    disabled: true',
  },
  HED0011: {
    title: 'A certificate that soon ends',
    kinds: ['Gateway'],
    meaning:
      'The certificate in a Secret that a gateway names ends within 21 days, or within the last quarter of its life if that is shorter. Of Secrets Heddle keeps these dates only.',
    harm: 'When it ends, every TLS client refuses the gateway.',
    fix: 'Renew the certificate, and find out why nothing renewed it.',
    before: 'tls: { credentialName: shop-cert } # ends in 10 days',
    after: 'tls: { credentialName: shop-cert } # ends in 90 days',
  },
  HED0012: {
    title: 'A rule that an earlier one leaves nothing for',
    kinds: ['VirtualService', 'HTTPRoute', 'GRPCRoute'],
    meaning:
      'An exact path or a regular expression stands after a prefix that takes all of it, or a rule of the Gateway API repeats the matches of an earlier one. Other cases are IST0130 and IST0131.',
    harm: 'The rule, and the fault, timeout or canary in it, is never in force.',
    fix: 'Put the narrower rule first, or remove it.',
    before: 'http:\n- match: [{ uri: { prefix: /cart } }]\n- match: [{ uri: { exact: /cart/items } }]',
    after: 'http:\n- match: [{ uri: { exact: /cart/items } }]\n- match: [{ uri: { prefix: /cart } }]',
  },
  HED0013: {
    title: 'Waiting longer than the caller does',
    kinds: ['VirtualService', 'HTTPRoute'],
    meaning:
      'Traffic shows that a service calls another, and its route to it allows more time, all tries included, than the routes to the service itself leave its callers. Silent where one of those routes has no timeout.',
    harm: 'The callers have given up while the service still waits and tries again: load, and pools that fill up, for answers that nobody reads.',
    fix: 'Let timeouts grow toward the edge: shorten timeout or retries of the inner call, or lengthen the outer timeout.',
    before: '# cart: timeout 3s; cart calls stock:\nretries: { attempts: 2, perTryTimeout: 2s }',
    after: '# cart: timeout 3s; cart calls stock:\nretries: { attempts: 1, perTryTimeout: 1s }',
  },
  HED0014: {
    title: 'A policy that refuses all calls there are',
    kinds: ['AuthorizationPolicy'],
    meaning:
      'The policy allows nothing, and no other policy allows anything at these pods, or it denies every request; and telemetry shows that their services are called. Whom rules about callers let in is not judged.',
    harm: 'Every call is refused with 403 as soon as the policy is in force.',
    fix: 'Allow the callers first, and refuse the rest afterwards. The annotation istio.io/dry-run tells beforehand what would be refused.',
    before: 'kind: AuthorizationPolicy\nmetadata: { name: nothing, namespace: shop }\nspec: {}',
    after:
      'kind: AuthorizationPolicy\nmetadata: { name: callers, namespace: shop }\nspec: { rules: [{ from: [{ source: { namespaces: [web] } }] }] }\n---\nkind: AuthorizationPolicy\nmetadata: { name: nothing, namespace: shop }\nspec: {}',
  },
  HED0015: {
    title: 'Callers are made to send what the pods refuse',
    kinds: ['DestinationRule'],
    meaning:
      'The TLS mode of a rule for one service does not fit the PeerAuthentication of its pods: plain text, or TLS of another kind, where they are STRICT; mutual TLS where they are DISABLE. Silent where ports of the pods have modes of their own.',
    harm: 'Every call by a caller with a sidecar fails in the TLS handshake.',
    fix: 'Remove the TLS setting: automatic mutual TLS chooses what the endpoint takes.',
    before: 'trafficPolicy: { tls: { mode: DISABLE } } # the namespace is STRICT',
    after: 'trafficPolicy: {}',
  },
  HED0016: {
    title: 'A Sidecar that leaves out what its pods call',
    kinds: ['Sidecar'],
    meaning:
      'Telemetry shows that pods which this Sidecar is for call a service, or, where outbound traffic is REGISTRY_ONLY, an outside host, that no host of its egress names, and no rule that it names sends there. Calls to the addresses of pods are not judged.',
    harm: 'Their proxies do not know the host: calls are cut off, or leave in plain text and past routing, retries and limits, and pods that are STRICT refuse them.',
    fix: 'Add the host, or its namespace, to the hosts of egress.',
    before: 'egress: [{ hosts: [./*] }] # pods call cart.shop',
    after: 'egress: [{ hosts: [./*, shop/cart.shop.svc.cluster.local] }]',
  },
}
