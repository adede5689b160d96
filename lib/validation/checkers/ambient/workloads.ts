import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import {
  hasAnyWaypoint,
  hasHttpRules,
  hasTargetRefs,
  isAmbient,
  USE_WAYPOINT,
  WAYPOINT_NAMESPACE,
} from '@/lib/validation/lookups/ambient'
import {
  containersOf,
  DATA_PLANE,
  INJECT,
  isPodAmbient,
  proxyImage,
  templateOf,
} from '@/lib/validation/lookups/injection'
import { AUTHORIZATION_POLICY, K8S_GATEWAY, POD } from '@/lib/validation/lookups/kinds'
import { selects, type Labels } from '@/lib/validation/lookups/selectors'
import { WORKLOAD_KINDS } from '@/lib/validation/lookups/workloads'
import { asFields, asTextMap, fullName, labelsOf, listed, specOf } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

const LABELS = ['spec', 'template', 'metadata', 'labels']

/** Workloads are in the mesh one way, and their waypoints exist. */
export const ambientWorkloads: Checker = {
  codes: {
    KIA1311: 'error',
    KIA1312: 'warning',
    KIA1313: 'error',
    KIA1314: 'error',
    KIA1315: 'error',
    KIA1316: 'warning',
    KIA1317: 'warning',
  },
  check(world, report) {
    for (const kind of WORKLOAD_KINDS) {
      world.each(kind, (object) => {
        const { labels } = templateOf(object)
        const namespace = namespaceOf(object)
        const mode = labels[DATA_PLANE]
        const isIn = mode === 'ambient' || (isAmbient(world, namespace) && mode !== 'none')
        if (mode === 'ambient' && labels[INJECT] === 'true') {
          const message = `The pods are labelled both for a sidecar and for ambient mode; they can have one. Keep one label.`
          report('KIA1311', object, [...LABELS, INJECT], message)
        }
        const waypoint = labels[USE_WAYPOINT] === 'none' ? undefined : labels[USE_WAYPOINT]
        if (waypoint !== undefined) {
          const home = labels[WAYPOINT_NAMESPACE] ?? namespace
          if (!isIn) {
            const message = `The pods name the waypoint ${waypoint} but are not in ambient mode, so the label does nothing. Bring them into ambient mode, or remove it.`
            report('KIA1312', object, [...LABELS, USE_WAYPOINT], message)
          }
          if (!world.find(K8S_GATEWAY, home, waypoint)) {
            const message = `There is no waypoint ${home}/${waypoint}, so nothing reads the requests to these pods. Create it, or correct the label.`
            report('KIA1313', object, [...LABELS, USE_WAYPOINT], message)
          }
        }
        if (!isIn || waypoint !== undefined || hasAnyWaypoint(world, namespace)) return
        const policies = httpPolicies(world, namespace, labels)
        if (policies.length === 0) return
        const message = `${listed(policies.map(fullName).sort())} has rules about requests, but no waypoint reads the requests to these pods. Deploy a waypoint and enrol the workload.`
        report('KIA1317', object, null, message)
      })
    }
    world.each(POD, (object) => {
      const labels = labelsOf(object)
      if (isPodAmbient(object) && labels[INJECT] === 'true') {
        const message = `The pod is labelled for a sidecar, but the node's proxy takes its traffic. Remove the label, or take the pod out of ambient mode.`
        report('KIA1314', object, ['metadata', 'labels', INJECT], message)
      }
      // a gateway is a proxy alone
      if (proxyImage(specOf(object)) === '' || containersOf(specOf(object)).length < 2) return
      if (labels[DATA_PLANE] === 'ambient') {
        const message = `The pod has a sidecar and is labelled for ambient mode: the sidecar wins. Remove the label, or make the pod anew without a sidecar.`
        report('KIA1315', object, ['metadata', 'labels', DATA_PLANE], message)
      } else if (isAmbient(world, namespaceOf(object)) && labels[DATA_PLANE] !== 'none') {
        const message = `The namespace is in ambient mode, but this pod still has a sidecar. Restart it to move it over.`
        report('KIA1316', object, null, message)
      }
    })
  },
}

function httpPolicies(world: World, namespace: string, labels: Labels): ConfigObject[] {
  return world
    .inNamespace(AUTHORIZATION_POLICY, namespace)
    .filter(
      (policy) =>
        hasHttpRules(policy) &&
        !hasTargetRefs(policy) &&
        selects(asTextMap(asFields(specOf(policy).selector).matchLabels), labels),
    )
}
