/**
 * What happens to a request, in words and in order: who may ask, which rule takes it, how its destination is dealt
 * with, and what the pod's proxy lets in.
 */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { asFields, asList, asText, asTexts, isFields, specOf } from '@/lib/validation/read'
import { hostMatches, serviceHost } from '../hosts'
import { isAutoMtls } from '../mutual-tls/client'
import { readObjects, type Read } from '../objects'
import { rulesOfService } from '../service-rules'
import { isUnread } from '../unread'
import type { GatewaySpec } from '../schemas/networking'
import { accessLines } from './access'
import { destinationLines } from './policy'
import { gatewayRuleLines, gatewaysOf, meshRuleLines, ruleLines } from './rules'
import { scopeLines } from './scope'
import { line, listWords, nameOf, warning, type RequestStory, type StoryLine, type StoryStep } from './story'

/** A request for a service of Kubernetes. */
export function storyOfService(index: InventoryIndex, namespace: string, name: string): RequestStory {
  const host = serviceHost(name, namespace)
  const rules = rulesOfService(index, namespace, name)
  const entry = gatewayRuleLines(rules, host, index)
  const workloads = index.workloadsOfService.get(`${namespace}/${name}`) ?? []
  const steps: (StoryStep | null)[] = [
    { stage: 'scope', title: 'Who can ask for it', lines: scopeLines(index, host, namespace) },
    entry.length === 0
      ? null
      : {
          stage: 'entry',
          title: 'From outside',
          lines: [...entry, line('what comes this way follows those rules instead of the next ones')],
        },
    { stage: 'route', title: 'Which rule takes it', lines: meshRuleLines(rules, host, index) },
    {
      stage: 'destination',
      title: 'How it is sent',
      lines: sendingLines(rules.destinationRules, index),
    },
    {
      stage: 'access',
      title: 'What the pods let in',
      lines:
        workloads.length === 0
          ? [
              Object.keys(index.services.get(`${namespace}/${name}`)?.selector ?? {}).length === 0
                ? line('it selects no pods; its endpoints are set by hand and are not known here')
                : isUnread(index, 'Pod')
                  ? warning('whether anything stands behind it is not known: Heddle may not read Pods')
                  : warning('no workload stands behind it: answered 503 (no healthy endpoint, UH)'),
            ]
          : accessLines(workloads, index),
    },
  ]
  return { host, service: { namespace, name }, steps: steps.filter((step) => step !== null) }
}

/** What the destination rules say; without the right to read them, that this is not known. */
function sendingLines(rules: Parameters<typeof destinationLines>[0], index: InventoryIndex): StoryLine[] {
  return isUnread(index, 'DestinationRule')
    ? [warning('which policy holds is not known: Heddle may not read DestinationRules')]
    : destinationLines(rules, isAutoMtls(index))
}

/** A request for a host outside Kubernetes, as a ServiceEntry makes it known. */
export function storyOfHost(index: InventoryIndex, namespace: string, host: string): RequestStory {
  const rules = rulesOfService(index, namespace, host, host)
  const entries = readObjects(index).serviceEntries.filter(({ spec }) =>
    spec.hosts.some((pattern) => hostMatches(pattern, host)),
  )
  return {
    host,
    service: null,
    steps: [
      {
        stage: 'scope',
        title: 'Who can ask for it',
        lines: [
          ...entries.map((entry) =>
            line(`service entry ${entry.namespace}/${entry.name} makes it known`, {
              object: nameOf(entry.object),
            }),
          ),
          ...scopeLines(index, host, null),
        ],
      },
      { stage: 'route', title: 'Which rule takes it', lines: meshRuleLines(rules, host, index) },
      {
        stage: 'destination',
        title: 'How it is sent',
        lines: sendingLines(rules.destinationRules, index),
      },
    ],
  }
}

/** Requests that reach a gateway's own proxy from outside; empty for a workload that serves no gateway. */
export function storiesOfGateway(index: InventoryIndex, workload: WorkloadInventory): RequestStory[] {
  const objects = readObjects(index)
  const served = objects.gateways.filter(({ spec }) => {
    const selector = Object.entries(spec.selector ?? {})
    return selector.length > 0 && selector.every(([key, value]) => workload.podLabels[key] === value)
  })
  return served.map((gateway) => {
    const full = `${gateway.namespace}/${gateway.name}`
    const bound = objects.virtualServices
      .filter((each) => gatewaysOf(each).includes(full))
      .sort((a, b) => a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1))
    return {
      host: `gateway ${full}`,
      service: null,
      steps: [
        { stage: 'scope', title: 'What it listens for', lines: serverLines(gateway) },
        {
          stage: 'route',
          title: 'Which rule takes it',
          lines:
            bound.length === 0
              ? isUnread(index, 'VirtualService')
                ? [warning('which rules are bound to it is not known: Heddle may not read VirtualServices')]
                : [warning('no virtual service is bound to it: everything is answered 404 (no route, NR)')]
              : bound.flatMap((each) => [
                  line(
                    `for host ${listWords(each.spec.hosts)}: virtual service ${each.namespace}/${each.name}`,
                    {
                      object: nameOf(each.object),
                    },
                  ),
                  ...ruleLines(each, full, index).map((inner): StoryLine => ({
                    ...inner,
                    depth: inner.depth === 0 ? 1 : 2,
                  })),
                ]),
        },
      ],
    }
  })
}

function serverLines(gateway: Read<GatewaySpec>): StoryLine[] {
  const object = nameOf(gateway.object)
  const servers = asList(specOf(gateway.object).servers).filter(isFields)
  if (servers.length === 0) return [warning('it has no server: nothing is listened for', { object })]
  return servers.map((server) => {
    const port = asFields(server.port)
    const tls = asFields(server.tls)
    const how = isFields(server.tls)
      ? `, TLS ${asText(tls.mode) || 'SIMPLE'}${asText(tls.credentialName) ? ` with secret ${asText(tls.credentialName)}` : ''}`
      : ''
    const redirect = tls.httpsRedirect === true ? '; answered with a redirect to HTTPS' : ''
    return line(
      `port ${JSON.stringify(port.number)} ${asText(port.protocol)}${how}, host ${listWords(asTexts(server.hosts))}${redirect}`,
      { object },
    )
  })
}
