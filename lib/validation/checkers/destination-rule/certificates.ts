import type { Checker } from '@/lib/validation/finding'
import { DESTINATION_RULE } from '@/lib/validation/lookups/kinds'
import { asFields, asText, findNumber, isFields, items, specOf } from '@/lib/validation/read'

/** TLS to a destination without a CA: the server's certificate is not verified. */
export const certificates: Checker = {
  codes: { IST0128: 'warning', IST0129: 'warning' },
  check(world, report) {
    world.each(DESTINATION_RULE, (object) => {
      const spec = specOf(object)
      const host = asText(spec.host)
      const policy = asFields(spec.trafficPolicy)
      // credentials by name are only read where a workload is selected; their CA verifies the server
      const readsCredentials = isFields(spec.workloadSelector)
      const path = ['spec', 'trafficPolicy']
      if (isUnverified(policy.tls, readsCredentials)) {
        const message = `TLS to ${host} (mode ${modeOf(policy.tls)}) has no caCertificates, so any certificate is accepted. Set caCertificates to the CA that signs the server's certificate.`
        report('IST0128', object, [...path, 'tls', 'mode'], message)
      }
      for (const [level, index] of items(policy.portLevelSettings)) {
        if (!isUnverified(level.tls, readsCredentials)) continue
        const port = findNumber(asFields(level.port).number) ?? '?'
        const message = `TLS to port ${port} of ${host} (mode ${modeOf(level.tls)}) has no caCertificates, so any certificate is accepted. Set caCertificates to the CA that signs the server's certificate.`
        report('IST0129', object, [...path, 'portLevelSettings', index, 'tls', 'mode'], message)
      }
    })
  },
}

function modeOf(tls: unknown): string {
  return asText(asFields(tls).mode)
}

function isUnverified(tls: unknown, readsCredentials: boolean): boolean {
  const { caCertificates, credentialName } = asFields(tls)
  if (modeOf(tls) !== 'SIMPLE' && modeOf(tls) !== 'MUTUAL') return false
  return asText(caCertificates) === '' && !(asText(credentialName) !== '' && readsCredentials)
}
