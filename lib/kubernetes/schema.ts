/** Wire shapes of the Kubernetes API, only the fields we read; lenient where people write. */
import { z } from 'zod'

/** A map of strings; values that are none are dropped rather than the object. */
const stringMap = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(null)
  .transform((map): Record<string, string> => {
    const strings: Record<string, string> = {}
    for (const [key, value] of Object.entries(map ?? {})) if (typeof value === 'string') strings[key] = value
    return strings
  })

const count = z.number().int().nonnegative().nullish().catch(null)
const text = z.string().nullish().catch(null)

const ownerReference = z.object({ kind: z.string(), name: z.string(), controller: z.boolean().nullish() })

export const metadata = z.object({
  name: z.string().min(1),
  namespace: text,
  labels: stringMap,
  annotations: stringMap,
  creationTimestamp: text,
  deletionTimestamp: text,
  ownerReferences: z.array(ownerReference).nullish().catch(null),
})
export type WireMetadata = z.infer<typeof metadata>

export const anyObject = z.object({ metadata })

const securityContext = z
  .object({ runAsUser: z.number().nullish().catch(null) })
  .nullish()
  .catch(null)

const container = z.object({
  name: z.string(),
  image: text,
  args: z.array(z.string()).nullish().catch(null),
  restartPolicy: text,
  securityContext,
})
export type WireContainer = z.infer<typeof container>

const containerState = z
  .object({
    waiting: z.object({ reason: text }).nullish().catch(null),
    terminated: z
      .object({ reason: text, exitCode: z.number().nullish(), finishedAt: text })
      .nullish()
      .catch(null),
  })
  .nullish()
  .catch(null)

const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().nullish(),
  restartCount: count,
  state: containerState,
  lastState: containerState,
})
export type WireContainerStatus = z.infer<typeof containerStatus>

export const pod = z.object({
  metadata,
  spec: z.object({
    serviceAccountName: text,
    nodeName: text,
    hostNetwork: z.boolean().nullish().catch(null),
    securityContext,
    containers: z.array(container),
    initContainers: z.array(container).nullish().catch(null),
  }),
  status: z
    .object({
      phase: text,
      startTime: text,
      conditions: z
        .array(z.object({ type: z.string(), status: z.string() }))
        .nullish()
        .catch(null),
      containerStatuses: z.array(containerStatus).nullish().catch(null),
      initContainerStatuses: z.array(containerStatus).nullish().catch(null),
    })
    .nullish(),
})

const portRef = z.union([z.string(), z.number()]).nullish().catch(null)
const probe = z
  .object({
    httpGet: z.object({ port: portRef }).nullish(),
    tcpSocket: z.object({ port: portRef }).nullish(),
    grpc: z.object({ port: portRef }).nullish(),
  })
  .nullish()
  .catch(null)

const templateContainer = container.omit({ args: true, restartPolicy: true }).extend({
  name: text,
  ports: z
    .array(z.object({ containerPort: z.number(), name: text, protocol: text }))
    .nullish()
    .catch(null),
  env: z
    .array(z.object({ name: z.string(), value: text }))
    .nullish()
    .catch(null),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
})
export type WireTemplateContainer = z.infer<typeof templateContainer>

const podTemplate = z
  .object({
    metadata: z.object({ labels: stringMap, annotations: stringMap }).nullish(),
    spec: z
      .object({
        serviceAccountName: text,
        securityContext,
        containers: z.array(templateContainer).nullish().catch(null),
      })
      .nullish(),
  })
  .nullish()
export type WirePodTemplate = z.infer<typeof podTemplate>

/** Deployment, StatefulSet, DaemonSet, ReplicaSet, Rollout, Job, CronJob: what they have in common. */
export const workload = z.object({
  metadata,
  spec: z
    .object({
      replicas: count,
      template: podTemplate,
      jobTemplate: z.object({ spec: z.object({ template: podTemplate }).nullish() }).nullish(),
    })
    .nullish(),
  status: z
    .object({
      replicas: count,
      availableReplicas: count,
      readyReplicas: count,
      desiredNumberScheduled: count,
      currentNumberScheduled: count,
      numberAvailable: count,
    })
    .nullish()
    .catch(null),
})
export type WireWorkload = z.infer<typeof workload>

export const service = z.object({
  metadata,
  spec: z.object({
    type: text,
    clusterIP: text,
    selector: stringMap,
    ports: z
      .array(
        z.object({
          name: text,
          port: z.number(),
          targetPort: z.union([z.string(), z.number()]).nullish(),
          protocol: text,
          appProtocol: text,
        }),
      )
      .nullish(),
  }),
})

/** An object that people write: everything is kept, only what identifies it is checked. */
export const configObject = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({ name: z.string().min(1) }),
})

export const configMap = z.object({ metadata, data: stringMap })

export const event = z.object({
  metadata,
  type: text,
  reason: text,
  message: text,
  count,
  firstTimestamp: text,
  lastTimestamp: text,
  eventTime: text,
  series: z.object({ count, lastObservedTime: text }).nullish().catch(null),
  involvedObject: z.object({ kind: text, namespace: text, name: text }),
})

export const objectList = z.object({
  metadata: z.object({ resourceVersion: text, continue: text }),
  items: z.array(z.unknown()).nullish(),
})

export const watchEvent = z.object({ type: z.string(), object: z.unknown() })

/** The API server's word on a failed request. */
export const status = z.object({
  kind: z.literal('Status'),
  code: z.number().nullish(),
  reason: text,
  message: text,
})

export const apiGroupList = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
})

export const apiResourceList = z.object({
  resources: z.array(
    z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean(), verbs: z.array(z.string()) }),
  ),
})

export const versionInfo = z.object({ gitVersion: z.string() })

export const accessReview = z.object({ status: z.object({ allowed: z.boolean() }) })

export const selfReview = z.object({ status: z.object({ userInfo: z.object({ username: z.string() }) }) })
