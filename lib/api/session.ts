/** Signing in and out. */
import { fetchJson } from './fetch'
import { apiPaths } from './paths'

const answer = () => import('./schemas/session').then((file) => file.SessionAnswer)

/** Throws ApiFailure: `token-refused` when the Kubernetes API does not accept the token. */
export function signIn(token: string) {
  return fetchJson(apiPaths.session(), answer, { method: 'POST', body: { token } })
}

export function signOut() {
  return fetchJson(apiPaths.session(), answer, { method: 'DELETE' })
}
