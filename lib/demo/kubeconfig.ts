import { stringify } from 'yaml'
import { DEMO_USERS } from './kubernetes/http/users'

/** A kubeconfig for the embedded cluster: one context a user, the administrator's chosen. */
export function kubeconfigFor(cluster: string, server: string): string {
  const users = [...DEMO_USERS.keys()]
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server } }],
    users: users.map((name) => ({ name, user: { token: name } })),
    contexts: users.map((user) => ({ name: `${user}@${cluster}`, context: { cluster, user } })),
    'current-context': `${users[0]}@${cluster}`,
  })
}
