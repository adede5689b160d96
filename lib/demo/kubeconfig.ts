import { stringify } from 'yaml'
import { DEMO_USERS } from './kubernetes/http/access/users'

/**
 * A kubeconfig for the embedded cluster: one context a user, the administrator's chosen. kubectl sends no token
 * over plain HTTP, but it does say whom it acts as, so each other user is named both ways.
 * @kubernetes/client-node takes plain HTTP only where TLS need not be verified.
 */
export function kubeconfigFor(cluster: string, server: string): string {
  const users = [...DEMO_USERS.keys()]
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: users.map((name, index) => ({
      name,
      user: { token: name, ...(index === 0 ? {} : { as: name }) },
    })),
    contexts: users.map((user) => ({ name: `${user}@${cluster}`, context: { cluster, user } })),
    'current-context': `${users[0]}@${cluster}`,
  })
}
