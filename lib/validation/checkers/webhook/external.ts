import { isIpAddress } from '@/lib/istio/hosts'
import type { Checker } from '@/lib/validation/finding'
import { MUTATING_WEBHOOK, VALIDATING_WEBHOOK } from '@/lib/validation/lookups/kinds'
import { asFields, asText, isFields, items } from '@/lib/validation/read'

/** Webhooks that call a control plane outside the cluster do so by a URL with a host name. */
export const externalControlPlane: Checker = {
  codes: { IST0163: 'warning', IST0164: 'info' },
  check(world, report) {
    const validating = world.list(VALIDATING_WEBHOOK).filter(({ metadata: { name } }) => {
      return name === 'istiod-default-validator' || name.startsWith('istio-validator')
    })
    const mutating = world
      .list(MUTATING_WEBHOOK)
      .filter(({ metadata: { name } }) => name.startsWith('istio-sidecar-injector'))
    for (const object of [...validating, ...mutating]) {
      for (const [webhook, index] of items(object.webhooks)) {
        const { url, service } = asFields(webhook.clientConfig)
        const name = asText(webhook.name)
        const path = ['webhooks', index, 'clientConfig']
        if (typeof url !== 'string') {
          if (isFields(service)) continue
          const message = `The webhook ${name} says neither a URL nor a service, so no control plane is called. Set the URL of the external control plane.`
          report('IST0163', object, path, message)
        } else if (!URL.canParse(url) || new URL(url).hostname === '') {
          const message = `The URL of the webhook ${name} (${url}) cannot be read. Write it as https://host:port/path.`
          report('IST0163', object, [...path, 'url'], message)
        } else if (isIpAddress(new URL(url).hostname)) {
          const message = `The webhook ${name} calls an address (${url}) instead of a host name; certificates are made for host names. Give the control plane a name.`
          report('IST0164', object, [...path, 'url'], message)
        }
      }
    }
  },
}
