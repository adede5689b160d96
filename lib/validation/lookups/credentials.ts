/** TLS Secrets that gateways name, and what may be known of them: never a key, never a certificate. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { FieldPath } from '../finding'
import type { CertificateFacts } from '../observed'
import { asFields, asText, asTextMap, isFields, items, specOf } from '../read'
import { kindKey, namespaceOf, type World } from '../world'
import { decodeBase64, readValidity } from './certificates'
import { GATEWAY, SECRET } from './kinds'
import { podsWith } from './selectors'

export interface Credential {
  namespace: string
  name: string
  /** where the gateway names it */
  path: FieldPath
}

/**
 * The Secrets a gateway takes its certificates from: of Istio's beside its pods (none without pods), of the Gateway
 * API's where the reference says, else beside the gateway.
 */
export function credentialsOf(world: World, gateway: ConfigObject): Credential[] {
  const spec = specOf(gateway)
  if (kindKey(gateway) === GATEWAY) {
    const [pod] = podsWith(world, asTextMap(spec.selector), null)
    if (!pod) return []
    return items(spec.servers).flatMap(([server, at]): Credential[] => {
      const name = asText(asFields(server.tls).credentialName)
      if (name === '') return []
      const slash = name.indexOf('/')
      return [
        {
          namespace: slash < 0 ? namespaceOf(pod) : name.slice(0, slash),
          name: name.slice(slash + 1),
          path: ['spec', 'servers', at, 'tls', 'credentialName'],
        },
      ]
    })
  }
  return items(spec.listeners).flatMap(([listener, at]) =>
    items(asFields(listener.tls).certificateRefs).flatMap(([reference, place]): Credential[] => {
      const isSecret = (asText(reference.kind) || 'Secret') === 'Secret' && asText(reference.group) === ''
      if (!isSecret || asText(reference.name) === '') return []
      return [
        {
          namespace: asText(reference.namespace) || namespaceOf(gateway),
          name: asText(reference.name),
          path: ['spec', 'listeners', at, 'tls', 'certificateRefs', place],
        },
      ]
    }),
  )
}

function indexFacts(world: World): ReadonlyMap<string, CertificateFacts> {
  return new Map((world.observed?.certificates ?? []).map((one) => [`${one.namespace}/${one.secret}`, one]))
}

/** What is known of a Secret, from what was read of the cluster or else from the documents; undefined: nothing. */
export function credentialFacts(world: World, namespace: string, name: string): CertificateFacts | undefined {
  if (world.observed?.certificates) return world.lookup(indexFacts, `${namespace}/${name}`)
  const secret = world.find(SECRET, namespace, name)
  return secret && factsOf(secret, namespace, name)
}

/** All that is kept of a Secret. */
export function factsOf(
  secret: Readonly<Record<string, unknown>>,
  namespace: string,
  name: string,
): CertificateFacts {
  const own = { namespace, secret: name }
  const unusable = (problem: string): CertificateFacts => ({ ...own, state: 'unusable', problem })
  const certificate = valueOf(secret, 'tls.crt') ?? valueOf(secret, 'cert')
  const key = valueOf(secret, 'tls.key') ?? valueOf(secret, 'key')
  if (certificate === undefined) return unusable('it has no certificate (tls.crt or cert)')
  if (key === undefined) return unusable('it has no private key (tls.key or key)')
  if (certificate === '') return unusable('its certificate is empty')
  if (key === '') return unusable('its private key is empty')
  const validity = readValidity(certificate)
  return validity
    ? { ...own, state: 'usable', ...validity }
    : unusable('its certificate is not a PEM certificate')
}

/** A value of a secret as text; undefined when the key is absent. */
function valueOf({ stringData, data }: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const plain = asFields(stringData)[key]
  if (typeof plain === 'string') return plain
  const encoded = isFields(data) ? data[key] : undefined
  if (typeof encoded !== 'string') return undefined
  const bytes = decodeBase64(encoded.replace(/\s/g, ''))
  return bytes ? new TextDecoder().decode(bytes) : ''
}
