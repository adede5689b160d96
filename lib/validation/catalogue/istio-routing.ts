/** Help for Istio's codes about routing: virtual services, destination rules, gateways, service entries. */
import type { Catalogue } from './help'

export const ISTIO_ROUTING: Catalogue = {
  IST0101: {
    title: 'Something named does not exist',
    kinds: ['VirtualService', 'Gateway', 'Sidecar', 'AuthorizationPolicy'],
    meaning:
      'The object names a host, subset, gateway, delegate, secret, pod label or namespace that is nowhere among the objects of the cluster.',
    harm: 'Requests that would use the missing thing fail, mostly with 503 or 404, or the object does nothing at all while everybody believes it is in force.',
    fix: 'Correct the name (namespace included), or create what is missing first. Names without a dot are looked up in the namespace of the object.',
    before: 'kind: VirtualService\nspec:\n  http:\n    - route:\n        - destination: { host: reviewz }',
    after: 'kind: VirtualService\nspec:\n  http:\n    - route:\n        - destination: { host: reviews }',
  },
  IST0109: {
    title: 'Two virtual services claim one host inside the mesh',
    kinds: ['VirtualService'],
    meaning:
      'Several virtual services that apply to sidecars list the same host. For calls inside the mesh Istio does not merge them.',
    harm: 'Only one of them is in force, and which one may change when an object is made anew. Rules of the others are silently ignored.',
    fix: 'Put all rules for the host into one virtual service, or limit the objects to namespaces that do not overlap with exportTo.',
    before:
      'metadata: { name: reviews-a }\nspec: { hosts: [reviews] }\n---\nmetadata: { name: reviews-b }\nspec: { hosts: [reviews] }',
    after:
      'metadata: { name: reviews }\nspec:\n  hosts: [reviews]\n  http: [] # the rules of both, most specific first',
  },
  IST0112: {
    title: 'A destination needs a port',
    kinds: ['VirtualService'],
    meaning: 'The destination service has several ports and the route does not say which one it means.',
    harm: 'Istio cannot choose a port: the route has no working destination and requests to it fail.',
    fix: 'Name the port number of the service in the destination.',
    before: 'destination:\n  host: ratings # ports 8080 and 9090',
    after: 'destination:\n  host: ratings\n  port: { number: 8080 }',
  },
  IST0128: {
    title: 'TLS without a CA: the server’s certificate is not checked',
    kinds: ['DestinationRule'],
    meaning:
      'The rule starts TLS (SIMPLE or MUTUAL) but names neither caCertificates nor a credential that holds one.',
    harm: 'The connection is encrypted but not authenticated: whoever answers at that address is believed.',
    fix: 'Set caCertificates (or credentialName) to the CA that signed the server’s certificate, and subjectAltNames where the name differs.',
    before: 'trafficPolicy:\n  tls: { mode: SIMPLE }',
    after: 'trafficPolicy:\n  tls:\n    mode: SIMPLE\n    caCertificates: /etc/certs/ca.pem',
  },
  IST0129: {
    title: 'TLS of a port without a CA',
    kinds: ['DestinationRule'],
    meaning:
      'As IST0128, in the settings of one port: TLS is started there without anything to check the server’s certificate against.',
    harm: 'Calls to that port are encrypted but go to whoever answers.',
    fix: 'Set caCertificates or credentialName in the tls settings of that port.',
    before: 'portLevelSettings:\n  - port: { number: 443 }\n    tls: { mode: SIMPLE }',
    after:
      'portLevelSettings:\n  - port: { number: 443 }\n    tls: { mode: SIMPLE, caCertificates: /etc/certs/ca.pem }',
  },
  IST0130: {
    title: 'A rule that no request reaches',
    kinds: ['VirtualService'],
    meaning: 'An earlier rule of the same list already takes everything this rule could match.',
    harm: 'The rule is dead: a canary, a redirect or a fault that stands in it never happens.',
    fix: 'Move the more specific rule up, or remove it. Rules are tried from top to bottom; the first that matches wins.',
    before:
      'http:\n  - route: [{ destination: { host: a } }]\n  - match: [{ uri: { prefix: /v2 } }]\n    route: [{ destination: { host: b } }]',
    after:
      'http:\n  - match: [{ uri: { prefix: /v2 } }]\n    route: [{ destination: { host: b } }]\n  - route: [{ destination: { host: a } }]',
  },
  IST0131: {
    title: 'A match that adds nothing',
    kinds: ['VirtualService'],
    meaning: 'One of the matches of a rule is the same as, or contained in, a match of an earlier rule.',
    harm: 'Nothing breaks, but that match never decides anything, which misleads the next reader.',
    fix: 'Remove the match, or move its rule above the earlier one.',
    before:
      'http:\n  - match: [{ uri: { prefix: /api } }]\n  - match: [{ uri: { prefix: /api } }, { uri: { prefix: /web } }]',
    after: 'http:\n  - match: [{ uri: { prefix: /api } }]\n  - match: [{ uri: { prefix: /web } }]',
  },
  IST0132: {
    title: 'A host its gateway does not listen for',
    kinds: ['VirtualService'],
    meaning: 'The virtual service is bound to a gateway, but none of the gateway’s servers lists this host.',
    harm: 'Requests for the host get 404 at the gateway although the route looks complete.',
    fix: 'Add the host (or a wildcard) to a server of the gateway, or bind the route to the gateway that has it.',
    before:
      'kind: Gateway # hosts: [shop.example.com]\n---\nkind: VirtualService\nspec: { hosts: [pay.example.com], gateways: [web] }',
    after:
      'kind: Gateway # hosts: ["*.example.com"]\n---\nkind: VirtualService\nspec: { hosts: [pay.example.com], gateways: [web] }',
  },
  IST0134: {
    title: 'A TCP service entry without addresses',
    kinds: ['ServiceEntry'],
    meaning:
      'A port is TCP (or has no protocol), the entry lists no addresses, and addresses are not allocated by the mesh.',
    harm: 'TCP carries no host name: the proxy can tell the service only by port, so all traffic to that port is taken for it.',
    fix: 'List the addresses, or switch on DNS capture with automatic addresses, or state the real protocol (tls tells hosts apart by SNI).',
    before: 'hosts: [db.example.com]\nports: [{ number: 5432, name: tcp, protocol: TCP }]',
    after:
      'hosts: [db.example.com]\naddresses: [192.0.2.10]\nports: [{ number: 5432, name: tcp, protocol: TCP }]',
  },
  IST0138: {
    title: 'One certificate on several gateways',
    kinds: ['Gateway'],
    meaning: 'Gateways of the same pods serve the same certificate on different servers.',
    harm: 'Browsers reuse an HTTP/2 connection for any host the certificate names, and get 404 where the other gateway does not know it.',
    fix: 'Serve the hosts from one gateway object, or give each its own certificate.',
    before:
      'metadata: { name: a }\nspec: { servers: [{ hosts: [a.example.com], tls: { credentialName: wild } }] }\n---\nmetadata: { name: b }\nspec: { servers: [{ hosts: [b.example.com], tls: { credentialName: wild } }] }',
    after:
      'metadata: { name: web }\nspec: { servers: [{ hosts: [a.example.com, b.example.com], tls: { credentialName: wild } }] }',
  },
  IST0140: {
    title: 'A subset that requests from outside do not get',
    kinds: ['VirtualService'],
    meaning:
      'The virtual service is bound to a gateway and sends to a host that another virtual service splits by subset inside the mesh; the gateway does not follow that second one.',
    harm: 'Calls from outside see all versions, while calls inside see the split: a canary is exposed to everybody.',
    fix: 'Write the subsets into the route that is bound to the gateway.',
    before: 'gateways: [web]\nhttp:\n  - route: [{ destination: { host: reviews } }]',
    after: 'gateways: [web]\nhttp:\n  - route: [{ destination: { host: reviews, subset: v1 } }]',
  },
  IST0145: {
    title: 'Gateways that contradict each other',
    kinds: ['Gateway'],
    meaning: 'Two gateways select the same pods and open the same port for hosts that overlap.',
    harm: 'Only the older definition of the port wins; hosts, TLS and routes of the other are dropped.',
    fix: 'Merge the servers into one gateway, or make their hosts disjoint.',
    before:
      'metadata: { name: a }\nspec: { servers: [{ port: { number: 443 }, hosts: ["*"] }] }\n---\nmetadata: { name: b }\nspec: { servers: [{ port: { number: 443 }, hosts: [shop.example.com] }] }',
    after:
      'metadata: { name: a }\nspec:\n  servers:\n    - { port: { number: 443 }, hosts: [shop.example.com] }',
  },
  IST0149: {
    title: 'Routing by token claims without anything that checks tokens',
    kinds: ['VirtualService'],
    meaning: 'The route matches claims of a JWT, but no RequestAuthentication applies to the gateway’s pods.',
    harm: 'Claims exist only after a token was validated: the match never holds, and requests fall through to the next rule.',
    fix: 'Add a RequestAuthentication for the issuer that selects the gateway.',
    before: 'match:\n  - headers: { "@request.auth.claims.group": { exact: testers } }',
    after:
      'kind: RequestAuthentication\nspec:\n  selector: { matchLabels: { istio: ingressgateway } }\n  jwtRules: [{ issuer: https://id.example.com }]',
  },
  IST0161: {
    title: 'A gateway secret that cannot be used',
    kinds: ['Gateway'],
    meaning:
      'The secret a gateway names exists, but its certificate or key is missing, malformed or out of date.',
    harm: 'The gateway closes TLS connections for the hosts of that server.',
    fix: 'Put a valid tls.crt and tls.key (or cert and key) into the secret; renew what has expired.',
    before: 'kind: Secret\ndata: { tls.crt: "" }',
    after: 'kind: Secret\ntype: kubernetes.io/tls\ndata: { tls.crt: …, tls.key: … }',
  },
  IST0162: {
    title: 'A gateway port its service does not expose',
    kinds: ['Gateway'],
    meaning:
      'The gateway opens a port that the service in front of its pods has neither as a port nor as the target of one.',
    harm: 'Clients cannot reach the port: connections time out or are refused before the gateway sees them.',
    fix: 'Add the port to the gateway’s service, or open a port the service already has.',
    before:
      'kind: Gateway\nspec: { servers: [{ port: { number: 9443 } }] }\n---\nkind: Service # ports: 80, 443',
    after: 'kind: Service\nspec: { ports: [{ name: https-alt, port: 9443, targetPort: 9443 }] }',
  },
  IST0165: {
    title: 'A virtual service bound to a generated gateway',
    kinds: ['VirtualService'],
    meaning: 'The name of the gateway is one that Istio makes from a Gateway API object for itself.',
    harm: 'Such names are an implementation detail: the binding is not supported and may stop working with an upgrade.',
    fix: 'Attach an HTTPRoute to the Gateway API object, or bind to an Istio Gateway of your own.',
    before: 'gateways: [web-istio-autogenerated-k8s-gateway]',
    after: 'kind: HTTPRoute\nspec: { parentRefs: [{ name: web }] }',
  },
  IST0173: {
    title: 'A subset without pods',
    kinds: ['DestinationRule'],
    meaning: 'The labels of a subset are on no pod and no WorkloadEntry of the host’s service.',
    harm: 'Requests routed to the subset fail with 503 (UH: no healthy upstream).',
    fix: 'Correct the labels, deploy the version, or remove the subset after the routes that use it.',
    before: 'subsets: [{ name: v2, labels: { version: V2 } }]',
    after: 'subsets: [{ name: v2, labels: { version: v2 } }]',
  },
  IST0174: {
    title: 'A destination rule for a host nobody knows',
    kinds: ['DestinationRule'],
    meaning:
      'The host of the rule is neither a service nor a service entry that is visible from its namespace, and as a wildcard covers none.',
    harm: 'The policy applies to nothing: TLS, limits and subsets that stand in it are not in force.',
    fix: 'Correct the host; use the full name (name.namespace.svc.cluster.local) for services of other namespaces.',
    before: 'host: reviews # lives in namespace bookinfo',
    after: 'host: reviews.bookinfo.svc.cluster.local',
  },
  IST0177: {
    title: 'Service entries that disagree about a protocol',
    kinds: ['ServiceEntry'],
    meaning: 'Several service entries declare the same host and port with different protocols.',
    harm: 'One protocol wins for all callers; the others see failed handshakes or lose HTTP features.',
    fix: 'Use one protocol for the port, or one entry for the host.',
    before:
      'hosts: [api.example.com]\nports: [{ number: 443, protocol: HTTPS }]\n---\nhosts: [api.example.com]\nports: [{ number: 443, protocol: TCP }]',
    after: 'hosts: [api.example.com]\nports: [{ number: 443, protocol: HTTPS }]',
  },
}
