import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { decodeBase64, readValidity } from '@/lib/validation/lookups/certificates'
import { GATEWAY, SECRET } from '@/lib/validation/lookups/kinds'
import { podsWith } from '@/lib/validation/lookups/selectors'
import { asFields, asText, asTextMap, isFields, items, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'

/** The secrets of a Gateway's servers: they exist beside its pods, and hold a usable certificate and key. */
export const credentials: Checker = {
  codes: { IST0101: 'error', IST0161: 'error' },
  check(world, report) {
    for (const object of world.list(GATEWAY)) {
      const spec = specOf(object)
      const [pod] = podsWith(world, asTextMap(spec.selector), null)
      // without pods there is no namespace to look in; that is reported elsewhere
      if (!pod) continue
      for (const [server, index] of items(spec.servers)) {
        const name = asText(asFields(server.tls).credentialName)
        if (name === '') continue
        const slash = name.indexOf('/')
        const namespace = slash < 0 ? namespaceOf(pod) : name.slice(0, slash)
        const secret = world.find(SECRET, namespace, name.slice(slash + 1))
        const path = ['spec', 'servers', index, 'tls', 'credentialName']
        if (!secret) {
          const message = `There is no Secret ${name} in ${namespace}, the namespace of the gateway's pods, so its TLS connections fail. Create the Secret there, or correct the name.`
          report('IST0101', object, path, message)
          continue
        }
        const problem = findProblem(secret, world.now)
        if (problem === undefined) continue
        const message = `The Secret ${namespace}/${name.slice(slash + 1)} cannot be used: ${problem}. Replace its certificate and key.`
        report('IST0161', object, path, message)
      }
    }
  },
}

/** Why istiod would not hand this secret to a gateway; undefined when it would. Its contents are never told. */
function findProblem(secret: ConfigObject, now: number | null): string | undefined {
  const certificate = valueOf(secret, 'tls.crt') ?? valueOf(secret, 'cert')
  const key = valueOf(secret, 'tls.key') ?? valueOf(secret, 'key')
  if (certificate === undefined) return 'it has no certificate (tls.crt or cert)'
  if (key === undefined) return 'it has no private key (tls.key or key)'
  if (certificate === '') return 'its certificate is empty'
  if (key === '') return 'its private key is empty'
  const validity = readValidity(certificate)
  if (!validity) return 'its certificate is not a PEM certificate'
  if (now !== null && now > validity.notAfter) return 'its certificate has expired'
  if (now !== null && now < validity.notBefore) return 'its certificate is not valid yet'
  return undefined
}

/** A value of a secret as text; undefined when the key is absent. */
function valueOf(secret: ConfigObject, key: string): string | undefined {
  const { stringData, data } = secret
  const plain = asFields(stringData)[key]
  if (typeof plain === 'string') return plain
  const encoded = isFields(data) ? data[key] : undefined
  if (typeof encoded !== 'string') return undefined
  const bytes = decodeBase64(encoded.replace(/\s/g, ''))
  return bytes ? new TextDecoder().decode(bytes) : ''
}
