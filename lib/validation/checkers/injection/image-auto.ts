import type { Checker } from '@/lib/validation/finding'
import { containersOf, PROXY, templateOf } from '@/lib/validation/lookups/injection'
import { DEPLOYMENT, MUTATING_WEBHOOK, NAMESPACE, POD } from '@/lib/validation/lookups/kinds'
import { matchesLabelSelector } from '@/lib/validation/lookups/selectors'
import { asText, items, labelsOf, specOf, type Fields } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

function istioWebhooks(world: World): Fields[] {
  return world
    .list(MUTATING_WEBHOOK)
    .flatMap((object) => items(object.webhooks).map(([webhook]) => webhook))
    .filter((webhook) => asText(webhook.name).endsWith('istio.io'))
}

/** `image: auto` is a place the injector fills: where it does not, no such image exists. */
export const imageAuto: Checker = {
  codes: { IST0146: 'warning', IST0147: 'error' },
  check(world, report) {
    for (const pod of world.list(POD)) {
      const at = findAuto(specOf(pod))
      if (!at) continue
      const message = `The image of ${PROXY} is still "auto": the pod was not injected and cannot start. Label it for injection, and make it anew.`
      report('IST0147', pod, ['spec', ...at, 'image'], message)
    }
    // which pods are injected is not known where webhooks could not be read
    if (world.observed?.unread.has(MUTATING_WEBHOOK)) return
    const webhooks = world.derive(istioWebhooks)
    for (const deployment of world.list(DEPLOYMENT)) {
      const { spec, labels } = templateOf(deployment)
      const at = findAuto(spec)
      if (!at) continue
      const owner = world.find(NAMESPACE, '', namespaceOf(deployment) || 'default')
      const namespaceLabels = owner ? labelsOf(owner) : {}
      const isInjected = webhooks.some(
        ({ namespaceSelector, objectSelector }) =>
          matchesLabelSelector(namespaceSelector, namespaceLabels) &&
          matchesLabelSelector(objectSelector, labels),
      )
      if (isInjected) continue
      const message = `The image of ${PROXY} is "auto", but no injection webhook selects these pods, so they cannot start. Label the pod template or the namespace for injection.`
      report('IST0146', deployment, ['spec', 'template', 'spec', ...at, 'image'], message)
    }
  },
}

function findAuto(spec: Fields): (string | number)[] | undefined {
  const found = containersOf(spec).find(
    ({ container, field }) =>
      field === 'containers' && container.name === PROXY && container.image === 'auto',
  )
  return found && [found.field, found.index]
}
