import type { Checker } from '@/lib/validation/finding'
import { AUTHORIZATION_POLICY, SERVICE_ACCOUNT } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, asTexts, items, specOf } from '@/lib/validation/read'
import type { World } from '@/lib/validation/world'

/** Principals name service accounts that exist, of trust domains that are known. */
export const principals: Checker = {
  codes: { KIA0106: 'error', KIA0107: 'info', KIA0108: 'warning' },
  check(world, report) {
    world.each(AUTHORIZATION_POLICY, (object) => {
      for (const [rule, i] of items(specOf(object).rules)) {
        for (const [from, j] of items(rule.from)) {
          for (const [k, value] of asList(asFields(from.source).principals).entries()) {
            const [, domain = '', namespace = '', account = ''] =
              /^([^/*]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(asText(value)) ?? []
            if (account === '') continue
            const path = ['spec', 'rules', i, 'from', j, 'source', 'principals', k]
            if (!isTrusted(world, domain)) {
              const message = `The trust domain ${domain} is neither the mesh's (${world.mesh.trustDomain}) nor one of its aliases, so nobody has this principal. Correct it, or add the alias to the mesh configuration.`
              report('KIA0108', object, path, message)
              continue
            }
            if (world.list(SERVICE_ACCOUNT).length === 0 || world.find(SERVICE_ACCOUNT, namespace, account))
              continue
            const clusters = world.observed?.accountsElsewhere?.get(`${namespace}/${account}`)
            if (clusters) {
              const message = `The service account ${namespace}/${account} is in the cluster ${clusters.join(', ')}, not in this one. Nothing is wrong if its callers come from there.`
              report('KIA0107', object, path, message)
            } else {
              const message = `There is no service account ${namespace}/${account}, so nobody has this principal. Correct the name, or create the account.`
              report('KIA0106', object, path, message)
            }
          }
        }
      }
    })
  },
}

function isTrusted(world: World, domain: string): boolean {
  // cluster.local stands for the mesh's own domain, whatever that is
  return [world.mesh.trustDomain, 'cluster.local', ...asTexts(world.mesh.raw.trustDomainAliases)].includes(
    domain,
  )
}
