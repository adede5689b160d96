import 'server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Credentials, KubernetesClient } from '@/lib/kubernetes/client'

/** Who asks, with what it takes to act as them at the Kubernetes API. */
export interface Session {
  /** as the API server names the user; null: it does not say */
  user: string | null
  credentials: Credentials
  /** true: only some namespaces may be seen */
  isRestricted?: boolean
  /** the clusters all of which may be seen, where others are left out for now */
  wholeClusters?: readonly string[]
  /** epoch milliseconds; null: the proxy in front decides */
  expiresAt: number | null
}

// routes are bundled apart, and a use case may be in two of them
const shared = globalThis as typeof globalThis & { heddleSession?: AsyncLocalStorage<Session> }
const storage = (shared.heddleSession ??= new AsyncLocalStorage<Session>())

/** Runs a request as its user. */
export function runAs<T>(session: Session, run: () => T): T {
  return storage.run(session, run)
}

/** The user of the request under way; undefined in anonymous mode and outside requests. */
export function currentSession(): Session | undefined {
  return storage.getStore()
}

/** Whether the request's user may see all of a cluster. */
export function seesAllOf(cluster: string): boolean {
  const session = currentSession()
  return !session?.isRestricted && (session?.wholeClusters?.includes(cluster) ?? true)
}

/**
 * The client that acts with the rights of the request's user: theirs when they signed in, Heddle's own in anonymous
 * mode. Everything a user reads or writes by name goes through it.
 */
export function clientOf({ client }: { client: KubernetesClient }): KubernetesClient {
  const session = currentSession()
  return session ? client.as(session.credentials) : client
}
