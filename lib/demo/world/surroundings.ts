/** What lies around the mesh: the namespace without injection, `default` and `kube-system`. */
import type { Area } from './build/area'
import { service, workload } from './build/area'
import { http } from './build/calls'
import { destinationRule } from './build/config'

/** Programs that were never moved into the mesh: they call payments in plain text and are called by it. */
export function legacy(): Area {
  const namespace = 'legacy'
  const caller = (app: string, image: string, replicas = 1) =>
    workload({ namespace, name: app, app, replicas, dataPlane: 'none', serviceAccount: 'default', image })
  return {
    namespaces: [{ name: namespace, labels: { 'istio-injection': 'disabled', team: 'back-office' } }],
    workloads: [
      caller('pos-terminal', 'ghcr.io/example/pos-terminal:11.2', 2),
      caller('batch-reports', 'ghcr.io/example/batch-reports:6.0.1'),
      caller('hsm-bridge', 'ghcr.io/example/hsm-bridge:2.2.0'),
      workload({
        namespace,
        app: 'mainframe-adapter',
        dataPlane: 'none',
        serviceAccount: 'default',
        replicas: 2,
        image: 'ghcr.io/example/mainframe-adapter:1.33.0',
        endpoints: [http('POST /journal', { port: 9090, latencyMs: [18, 70], bytes: [610, 90] })],
      }),
    ],
    services: [service({ namespace, name: 'mainframe-adapter', ports: [[9090, 'http']] })],
    entries: [],
    objects: [],
  }
}

/** Nothing happens here: an idle pod, a set behind a headless service, a Deployment scaled to nothing. */
export function defaultNamespace(): Area {
  const namespace = 'default'
  return {
    namespaces: [{ name: namespace, labels: { 'istio-injection': 'enabled' } }],
    workloads: [
      workload({ namespace, app: 'sleep', image: 'docker.io/curlimages/curl:8.16.0' }),
      workload({
        namespace,
        app: 'feature-flags',
        version: 'v1',
        name: 'feature-flags',
        kind: 'StatefulSet',
        replicas: 2,
        image: 'ghcr.io/example/feature-flags:1.1.0',
        endpoints: [http('GET /flags', { port: 8080, latencyMs: [1, 4], bytes: [300, 900] })],
      }),
      workload({
        namespace,
        app: 'helloworld',
        version: 'v1',
        replicas: 0,
        image: 'docker.io/istio/examples-helloworld-v1:1.0',
        endpoints: [http('GET /hello', { port: 5000, latencyMs: [30, 90], bytes: [280, 60] })],
      }),
    ],
    services: [
      service({ namespace, name: 'sleep', ports: [[80, 'http', 8080]] }),
      service({ namespace, name: 'feature-flags', type: 'Headless', ports: [[8080, 'http']] }),
      service({
        namespace,
        name: 'helloworld',
        ports: [[5000, 'http']],
        // as somebody may write it: Heddle says what is wrong
        annotations: { 'heddle.io/slo-availability': 'three nines' },
      }),
    ],
    entries: [],
    objects: [
      // left over from an experiment: v2 was never rolled out
      destinationRule(
        namespace,
        'helloworld',
        {
          host: 'helloworld',
          subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
        },
        { ageDays: 55 },
      ),
    ],
  }
}

export function kubeSystem(): Area {
  const namespace = 'kube-system'
  return {
    namespaces: [{ name: namespace }],
    workloads: [
      workload({
        namespace,
        name: 'coredns',
        app: 'coredns',
        replicas: 2,
        dataPlane: 'none',
        labels: { 'k8s-app': 'kube-dns' },
        image: 'registry.k8s.io/coredns/coredns:v1.12.4',
        extraPorts: [{ name: 'dns-tcp', port: 53 }],
        ageDays: 90,
      }),
    ],
    services: [
      service({
        namespace,
        name: 'kube-dns',
        selector: { 'k8s-app': 'kube-dns' },
        ports: [[53, 'tcp', 53, 'dns-tcp']],
        ageDays: 90,
      }),
    ],
    entries: [],
    objects: [],
  }
}
