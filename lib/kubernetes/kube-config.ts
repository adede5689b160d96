import 'server-only'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { actingHeaders, readActing, type Acting } from './transport/acting'
import { fromFile as tokenFrom, ROTATION, withRotation } from './transport/credentials'
import type { RequestHeaders } from './transport/send'

/** A kubeconfig that cannot be used; the message says which one, what is wrong and what to do. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError'
}

/** How to reach a cluster, and as whom. */
export interface ClusterAccess {
  config: KubeConfig
  /** address of the API server, without a slash at its end */
  server: string
  /** headers of every request: whom the kubeconfig's user acts as */
  acting: RequestHeaders
}

/** A kubeconfig as the library has it, and what it leaves out: whom users act as, by their names. */
interface Loaded {
  config: KubeConfig
  acting: ReadonlyMap<string, Acting>
}

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/**
 * The access that a kubeconfig (a path, several joined as kubectl does, or its text) or the pod's own service
 * account (`'in-cluster'`) gives. Touches no network. Throws KubeConfigError.
 */
export function loadKubeConfig(source: string): ClusterAccess {
  if (source === 'in-cluster') return loadInCluster()
  // a path holds no line break; a kubeconfig always does, or is JSON
  const isText = source.includes('\n') || source.trimStart().startsWith('{')
  const { config, acting } = isText ? fromText(source, 'the kubeconfig') : fromFiles(source)
  const context = config.getContextObject(config.getCurrentContext())
  if (!context) {
    const names = config.getContexts().map((one) => one.name)
    const said = config.getCurrentContext()
    const problem = said
      ? `names the current context "${said}", which it does not hold`
      : 'has no current context'
    const choice = names.length > 0 ? `it holds: ${names.join(', ')}` : 'it holds no contexts at all'
    throw new KubeConfigError(`${label(source, isText)} ${problem}; ${choice}`)
  }
  const cluster = config.getCurrentCluster()
  if (!cluster) {
    throw new KubeConfigError(
      `${label(source, isText)}: context "${context.name}" names the cluster "${context.cluster}", which it does not hold`,
    )
  }
  if (!URL.canParse(cluster.server) || !/^https?:$/.test(new URL(cluster.server).protocol)) {
    throw new KubeConfigError(
      `${label(source, isText)}: the server of cluster "${cluster.name}" is not an http or https address`,
    )
  }
  const { user } = context
  if (user && !config.getCurrentUser()) {
    throw new KubeConfigError(
      `${label(source, isText)}: context "${context.name}" names the user "${user}", which it does not hold`,
    )
  }
  return {
    config: user ? config : withNobody(config, context.name),
    server: cluster.server.replace(/\/+$/, ''),
    acting: ofUser(label(source, isText), user, () => actingHeaders(acting.get(user))),
  }
}

/** The library leaves out the cluster's certificates where a context has no user; one without credentials is as good. */
function withNobody(config: KubeConfig, context: string): KubeConfig {
  const name = ''
  config.users = [...config.users.filter((user) => user.name !== name), { name }]
  config.contexts = config.contexts.map((one) => (one.name === context ? { ...one, user: name } : one))
  return config
}

function loadInCluster(): ClusterAccess {
  if (!process.env.KUBERNETES_SERVICE_HOST || !process.env.KUBERNETES_SERVICE_PORT) {
    throw new KubeConfigError(
      'not inside a cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set',
    )
  }
  try {
    accessSync(TOKEN_FILE, constants.R_OK)
  } catch (cause) {
    throw new KubeConfigError(
      `the service account token ${TOKEN_FILE} cannot be read; is automountServiceAccountToken off?`,
      { cause },
    )
  }
  const config = new KubeConfig()
  config.loadFromCluster()
  config.users = config.users.map((user) => ({ name: user.name, authProvider: tokenFrom(TOKEN_FILE) }))
  config.addAuthenticator(ROTATION)
  const host = process.env.KUBERNETES_SERVICE_HOST
  return { config, server: config.getCurrentCluster()?.server ?? `https://${host}`, acting: {} }
}

/** Of several the first that names a thing decides, as with kubectl. */
function fromFiles(source: string): Loaded {
  const [first, ...rest] = source.split(delimiter).filter((path) => path !== '')
  if (first === undefined) throw new KubeConfigError(`the kubeconfig path is empty`)
  const { config, acting } = fromFile(first)
  const all = new Map(acting)
  for (const path of rest) {
    const next = fromFile(path)
    for (const [user, said] of next.acting) {
      if (config.getUser(user) === null) all.set(user, said)
    }
    next.config.clusters = next.config.clusters.filter(({ name }) => config.getCluster(name) === null)
    next.config.users = next.config.users.filter(({ name }) => config.getUser(name) === null)
    next.config.contexts = next.config.contexts.filter(({ name }) => config.getContextObject(name) === null)
    config.mergeConfig(next.config, Boolean(config.getCurrentContext()))
  }
  return { config, acting: all }
}

function fromFile(path: string): Loaded {
  let text: string
  try {
    if (statSync(path).isDirectory()) throw new KubeConfigError(`kubeconfig ${path} is a folder, not a file`)
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof KubeConfigError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    const problem =
      code === 'ENOENT'
        ? 'does not exist'
        : code === 'EACCES'
          ? 'may not be read by this user'
          : 'cannot be read'
    throw new KubeConfigError(`kubeconfig ${path} ${problem}`, { cause })
  }
  return fromText(text, `kubeconfig ${path}`, dirname(path))
}

/** `folder`: where its paths count from. */
function fromText(text: string, name: string, folder = '.'): Loaded {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) {
    const line = error.linePos?.[0].line
    throw new KubeConfigError(
      `${name} is not valid YAML${line === undefined ? '' : ` (line ${line})`}: ${error.message.split('\n')[0]}`,
    )
  }
  const content: unknown = document.toJS()
  if (typeof content !== 'object' || content === null || !('clusters' in content)) {
    throw new KubeConfigError(`${name} is no kubeconfig: it has no "clusters"`)
  }
  const config = new KubeConfig()
  try {
    config.loadFromString(text)
  } catch (cause) {
    throw new KubeConfigError(`${name} is no usable kubeconfig: ${reasonOf(cause)}`, { cause })
  }
  config.makePathsAbsolute(folder)
  const entries = entriesOf(config, content, name)
  return {
    config: plainHttp(ownUsers(config, entries, folder)),
    acting: new Map([...entries].map(([user, entry]) => [user, ofUser(name, user, () => readActing(entry))])),
  }
}

const namedUsers = z.object({ users: z.array(z.object({ name: z.string(), user: z.unknown().optional() })) })

/** What the file itself says of each of the library's users: nothing it says may go unread. */
function entriesOf(config: KubeConfig, content: object, name: string): Map<string, unknown> {
  if (config.users.length === 0) return new Map()
  const parsed = namedUsers.safeParse(content)
  if (!parsed.success) throw new KubeConfigError(`${name}: the names of its users must be strings`)
  const entries = new Map<string, unknown>()
  for (const { name: user, user: entry } of parsed.data.users) {
    // kubectl takes neither of them; the credentials of one would act as the other says
    if (entries.has(user)) throw new KubeConfigError(`${name} holds two users of the name "${user}"`)
    entries.set(user, entry)
  }
  return entries
}

function ofUser<T>(name: string, user: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new KubeConfigError(`${name} cannot be used for its user "${user}": ${reasonOf(cause)}`, { cause })
  }
}

/** Users with what the library would not read as we need it, by the kubeconfig's own `entries` for them. */
function ownUsers(config: KubeConfig, entries: ReadonlyMap<string, unknown>, folder: string): KubeConfig {
  config.users = config.users.map((user) => {
    const { impersonateUser: _acting, ...own } = withRotation(user, entries.get(user.name), folder)
    return own
  })
  config.addAuthenticator(ROTATION)
  return config
}

/** The library refuses plain http unless TLS checks are off, though without TLS there is nothing to check. */
function plainHttp(config: KubeConfig): KubeConfig {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server?.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  )
  return config
}

function label(source: string, isText: boolean): string {
  return isText ? 'the kubeconfig' : `kubeconfig ${source}`
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
