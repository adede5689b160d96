/** What a plan looks like as Kubernetes objects: namespaces, workload owners, services, accounts. */
import { PAST_RESTARTS_ANNOTATION } from '@/lib/demo/kubernetes/controllers/restarts'
import { hashText } from '@/lib/statistics/random'
import type { NamespacePlan, ObjectDraft, ServicePlan, WorkloadPlan } from './area'

export function namespaceDraft(plan: NamespacePlan): ObjectDraft {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    name: plan.name,
    labels: { 'kubernetes.io/metadata.name': plan.name, ...plan.labels },
    ...(plan.annotations === undefined ? {} : { annotations: plan.annotations }),
    ageDays: 90,
    body: () => ({ spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }),
  }
}

export function serviceAccountDraft(namespace: string, name: string): ObjectDraft {
  return { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name, ageDays: 60, body: () => ({}) }
}

/** The Deployment, StatefulSet or DaemonSet of a workload, rolled out and ready. */
export function workloadDraft(plan: WorkloadPlan): ObjectDraft {
  const { spec } = plan
  const selector = { matchLabels: selectorLabels(plan) }
  const template = {
    metadata: {
      labels: spec.labels,
      ...(Object.keys(plan.annotations).length > 0 ? { annotations: plan.annotations } : {}),
    },
    spec: {
      serviceAccountName: spec.serviceAccount,
      containers: [
        {
          name: containerName(plan),
          image: plan.image,
          imagePullPolicy: 'IfNotPresent',
          ports: containerPorts(plan),
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
        },
        ...plan.helpers.map(({ name, image }) => ({
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
        })),
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
    },
  }
  const shared = {
    apiVersion: 'apps/v1',
    kind: spec.kind,
    namespace: spec.namespace,
    name: spec.name,
    labels: { ...spec.labels, ...plan.objectLabels },
    ageDays: plan.ageDays,
    ...(plan.owner === undefined ? {} : { owner: plan.owner }),
  }
  const past: Record<string, string> =
    plan.restarts.length > 0 ? { [PAST_RESTARTS_ANNOTATION]: JSON.stringify(plan.restarts) } : {}
  const count = spec.replicas
  switch (spec.kind) {
    case 'Deployment':
      return {
        ...shared,
        annotations: { 'deployment.kubernetes.io/revision': '1', ...past },
        body: (at) => ({
          spec: {
            replicas: count,
            selector,
            template,
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
            revisionHistoryLimit: 10,
            progressDeadlineSeconds: 600,
          },
          status: {
            observedGeneration: 1,
            ...(count > 0
              ? { replicas: count, updatedReplicas: count, readyReplicas: count, availableReplicas: count }
              : {}),
            conditions: [
              rolloutCondition(
                at,
                'Available',
                'MinimumReplicasAvailable',
                'Deployment has minimum availability.',
              ),
              rolloutCondition(at, 'Progressing', 'NewReplicaSetAvailable', 'The rollout has finished.'),
            ],
          },
        }),
      }
    case 'StatefulSet':
      return {
        ...shared,
        body: () => ({
          spec: {
            replicas: count,
            selector,
            serviceName: spec.app,
            template,
            podManagementPolicy: 'OrderedReady',
            updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
          },
          status: {
            observedGeneration: 1,
            replicas: count,
            readyReplicas: count,
            availableReplicas: count,
            currentReplicas: count,
            updatedReplicas: count,
          },
        }),
      }
    case 'DaemonSet':
      return {
        ...shared,
        body: () => ({
          spec: {
            selector,
            template,
            updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
          },
          status: {
            observedGeneration: 1,
            desiredNumberScheduled: count,
            currentNumberScheduled: count,
            updatedNumberScheduled: count,
            numberReady: count,
            numberAvailable: count,
            numberMisscheduled: 0,
          },
        }),
      }
  }
}

/** Public address of a load balancer, out of a range kept for documentation (RFC 5737). */
export function publicAddress(namespace: string, service: string): string {
  return `203.0.113.${10 + (hashText(`${namespace}/${service}`) % 200)}`
}

/** `clusterIp` is given by whoever hands out addresses; a headless service takes none. */
export function serviceDraft(plan: ServicePlan, clusterIp: string): ObjectDraft {
  const { spec } = plan
  const address = plan.type === 'Headless' ? 'None' : clusterIp
  return {
    apiVersion: 'v1',
    kind: 'Service',
    namespace: spec.namespace,
    name: spec.name,
    labels: plan.labels,
    annotations: plan.annotations,
    ageDays: plan.ageDays,
    ...(plan.owner === undefined ? {} : { owner: plan.owner }),
    body: () => ({
      spec: {
        type: plan.type === 'LoadBalancer' ? 'LoadBalancer' : 'ClusterIP',
        clusterIP: address,
        clusterIPs: [address],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'None',
        selector: spec.selector,
        ports: spec.ports.map((port, index) => ({
          name: port.name,
          port: port.port,
          targetPort: port.targetPort,
          protocol: 'TCP',
          ...(plan.type === 'LoadBalancer' ? { nodePort: 30080 + index } : {}),
        })),
      },
      status: {
        loadBalancer:
          plan.type === 'LoadBalancer'
            ? { ingress: [{ ip: publicAddress(spec.namespace, spec.name), ipMode: 'VIP' }] }
            : {},
      },
    }),
  }
}

/** The labels that tell this workload from the others: what a Deployment must select by. */
function selectorLabels({ spec }: WorkloadPlan): Record<string, string> {
  const gatewayName = spec.labels['gateway.networking.k8s.io/gateway-name']
  if (gatewayName !== undefined) return { 'gateway.networking.k8s.io/gateway-name': gatewayName }
  const { app, version } = spec.labels
  return { ...(app === undefined ? {} : { app }), ...(version === undefined ? {} : { version }) }
}

function containerName({ spec }: WorkloadPlan): string {
  if (spec.role === 'istiod') return 'discovery'
  return spec.role === undefined ? spec.app : 'istio-proxy'
}

function containerPorts({ spec, extraPorts }: WorkloadPlan) {
  const byNumber = new Map<number, { name?: string; containerPort: number; protocol: 'TCP' }>()
  for (const { port, protocol } of spec.endpoints) {
    byNumber.set(port, { name: `${protocol}-${port}`, containerPort: port, protocol: 'TCP' })
  }
  for (const { name, port } of extraPorts) byNumber.set(port, { name, containerPort: port, protocol: 'TCP' })
  return [...byNumber.values()].sort((a, b) => a.containerPort - b.containerPort)
}

function rolloutCondition(at: string, type: string, reason: string, message: string) {
  return { type, status: 'True', reason, message, lastUpdateTime: at, lastTransitionTime: at }
}
