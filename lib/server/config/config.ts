import 'server-only'
import { readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'
import type { HealthConfig } from '@/lib/health/types'
import { KubeConfigError, loadKubeConfig } from '@/lib/kubernetes/kube-config'
import type { Matcher } from '@/lib/prometheus/promql'
import { ConfigFile, NAMESPACE_NAME } from './config-file'
import { healthConfigOf } from './health-config'
import { ConfigError } from './config-error'
import { headersOf, oneOf, flagOf, urlOf } from './values'

const IN_CLUSTER_NAMESPACE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace'
const DEFAULT_NAMESPACE = 'heddle'
export const IN_CLUSTER_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'
const LEAST_KEY_CHARS = 16
const DEFAULT_CLUSTER = 'Kubernetes'
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A cluster whose objects are read; `kubeconfig` null means the service account of this pod. */
export interface ClusterConfig {
  name: string
  kubeconfig: string | null
}

/** How changes to the mesh are recorded. */
export interface ChangesConfig {
  /** Heddle's own namespace in the home cluster, where records are kept as ConfigMaps */
  namespace: string
  requiresReason: boolean
  /** older and more records are deleted */
  keep: { count: number; ms: number }
}

/** Who may come, and how they say who they are. */
export interface AuthConfig {
  mode: 'anonymous' | 'token' | 'header'
  /** what session cookies are encrypted with; null: a key of this process alone */
  sessionKey: string | null
  sessionMs: number
  /** names of the headers of a trusted proxy */
  userHeader: string
  groupsHeader: string
}

export interface Config {
  mode: 'embedded' | 'telemetry' | 'full'
  readOnly: boolean
  logLevel: LogLevel
  prometheus: {
    url: string
    headers: Record<string, string>
    timeoutMs: number
    maxInFlight: number
    /** matchers every query gets: one mesh of several in a shared Prometheus */
    scope: Matcher[]
    /** null: asked from Prometheus */
    scrapeIntervalSeconds: number | null
    /** whether recorded series are looked for */
    usesRecordingRules: boolean
    /** what one round of quantiles may keep Prometheus busy */
    latencyBudgetMs: number
  }
  jaeger: { url: string; headers: Record<string, string>; publicUrl: string | null; timeoutMs: number } | null
  /** never beside `jaeger`; `traceUrl` holds `{traceId}` */
  tempo: { url: string; headers: Record<string, string>; traceUrl: string | null; timeoutMs: number } | null
  alertmanager: {
    url: string
    headers: Record<string, string>
    publicUrl: string | null
    timeoutMs: number
  } | null
  clusters: ClusterConfig[]
  /** cluster of series that carry no cluster label */
  defaultCluster: string
  refresh: {
    /** snapshots are taken this far behind now, so that all targets have been scraped */
    lagMs: number
    /** a snapshot is kept fresh this long after its last reader */
    keepMs: number
  }
  health: HealthConfig
  /** promised of services in the file; annotations win */
  objectives: ConfigFile['objectives']
  auth: AuthConfig
  changes: ChangesConfig
  /** control address of the embedded mesh; null when it is a real one */
  demoControlUrl: string | null
}

export interface ConfigFiles {
  /** content of a file; throws when it cannot be read */
  read(path: string): string
}

const DISK: ConfigFiles = { read: (path) => readFileSync(path, 'utf8') }

/**
 * The configuration of this process from its environment, and from the YAML file `HEDDLE_CONFIG` names.
 * Where both say something the environment wins. Throws ConfigError naming the variable, the problem and an
 * example. Reaches nothing but files: an upstream that does not answer yet is no configuration error.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, files = DISK): Config {
  const file = readConfigFile(env.HEDDLE_CONFIG, files)

  const prometheusUrl = env.PROMETHEUS_URL || file.prometheus.url
  if (!prometheusUrl) {
    throw new ConfigError(
      'PROMETHEUS_URL',
      'is not set, and Heddle needs the address of a Prometheus',
      'PROMETHEUS_URL=http://prometheus.istio-system:9090 (or start with `npm start` and nothing set to see the embedded mesh)',
    )
  }
  const demoControlUrl = env.HEDDLE_DEMO_CONTROL_URL
    ? urlOf('HEDDLE_DEMO_CONTROL_URL', env.HEDDLE_DEMO_CONTROL_URL, 'http://127.0.0.1:4000')
    : null
  const { jaegerUrl, tempoUrl } = tracingOf(env, file)
  const alertmanagerUrl = env.ALERTMANAGER_URL || file.alertmanager.url
  const clusters = clustersOf(env, file, files)
  const defaultCluster = env.HEDDLE_CLUSTER_NAME || file.clusters[0]?.name || DEFAULT_CLUSTER

  return {
    mode: demoControlUrl !== null ? 'embedded' : clusters.length > 0 ? 'full' : 'telemetry',
    readOnly: flagOf('HEDDLE_READ_ONLY', env.HEDDLE_READ_ONLY) ?? file.readOnly,
    logLevel: oneOf('LOG_LEVEL', env.LOG_LEVEL, LOG_LEVELS) ?? 'info',
    prometheus: {
      url: urlOf(
        env.PROMETHEUS_URL ? 'PROMETHEUS_URL' : 'HEDDLE_CONFIG (prometheus.url)',
        prometheusUrl,
        'http://prometheus.istio-system:9090',
      ),
      headers: { ...file.prometheus.headers, ...headersOf('PROMETHEUS_HEADERS', env.PROMETHEUS_HEADERS) },
      timeoutMs: file.prometheus.timeoutSeconds * 1000,
      maxInFlight: file.prometheus.maxInFlight,
      scope: Object.entries(file.prometheus.scope).map(([label, value]) => ({ label, op: '=', value })),
      scrapeIntervalSeconds: file.prometheus.scrapeIntervalSeconds,
      usesRecordingRules: file.prometheus.recordingRules === 'auto',
      latencyBudgetMs: file.prometheus.latencyBudgetSeconds * 1000,
    },
    jaeger: jaegerUrl
      ? {
          url: urlOf(
            env.JAEGER_URL ? 'JAEGER_URL' : 'HEDDLE_CONFIG (jaeger.url)',
            jaegerUrl,
            'http://jaeger-query.observability:16686',
          ),
          headers: { ...file.jaeger.headers, ...headersOf('JAEGER_HEADERS', env.JAEGER_HEADERS) },
          publicUrl: file.jaeger.publicUrl ?? null,
          timeoutMs: file.jaeger.timeoutSeconds * 1000,
        }
      : null,
    tempo: tempoUrl
      ? {
          url: urlOf(
            env.TEMPO_URL ? 'TEMPO_URL' : 'HEDDLE_CONFIG (tempo.url)',
            tempoUrl,
            'http://tempo-query-frontend.observability:3200',
          ),
          headers: { ...file.tempo.headers, ...headersOf('TEMPO_HEADERS', env.TEMPO_HEADERS) },
          traceUrl: file.tempo.traceUrl ?? null,
          timeoutMs: file.tempo.timeoutSeconds * 1000,
        }
      : null,
    alertmanager: alertmanagerUrl
      ? {
          url: urlOf(
            env.ALERTMANAGER_URL ? 'ALERTMANAGER_URL' : 'HEDDLE_CONFIG (alertmanager.url)',
            alertmanagerUrl,
            'http://alertmanager.monitoring:9093',
          ),
          headers: file.alertmanager.headers,
          publicUrl: file.alertmanager.publicUrl ?? null,
          timeoutMs: file.alertmanager.timeoutSeconds * 1000,
        }
      : null,
    clusters,
    defaultCluster,
    refresh: { lagMs: file.refresh.lagSeconds * 1000, keepMs: file.refresh.keepSeconds * 1000 },
    health: healthConfigOf(file.health),
    objectives: file.objectives,
    auth: authOf(env, file, clusters.length > 0),
    changes: {
      namespace: ownNamespace(env, file, files),
      requiresReason: file.changes.requireReason,
      keep: { count: file.changes.keepCount, ms: file.changes.keepDays * 86_400_000 },
    },
    demoControlUrl,
  }
}

/** The address of the one tracing store. What the environment names stands before what the file does. */
function tracingOf(
  env: Readonly<Record<string, string | undefined>>,
  file: ConfigFile,
): { jaegerUrl: string | undefined; tempoUrl: string | undefined } {
  const isSaid = Boolean(env.JAEGER_URL || env.TEMPO_URL)
  const jaegerUrl = env.JAEGER_URL || (isSaid ? undefined : file.jaeger.url)
  const tempoUrl = env.TEMPO_URL || (isSaid ? undefined : file.tempo.url)
  if (jaegerUrl && tempoUrl) {
    throw new ConfigError(
      isSaid ? 'TEMPO_URL' : 'HEDDLE_CONFIG (tempo.url)',
      `is set beside ${isSaid ? 'JAEGER_URL' : 'jaeger.url'}, and traces are read from one store`,
      'TEMPO_URL=http://tempo-query-frontend.observability:3200 and no JAEGER_URL',
    )
  }
  return { jaegerUrl, tempoUrl }
}

/** Said, or where this pod runs, or a name of our own. */
function ownNamespace(
  env: Readonly<Record<string, string | undefined>>,
  file: ConfigFile,
  files: ConfigFiles,
): string {
  const said = env.HEDDLE_NAMESPACE || file.changes.namespace
  if (said === undefined) {
    const isInCluster = Boolean(env.KUBERNETES_SERVICE_HOST) && canRead(IN_CLUSTER_NAMESPACE, files)
    return isInCluster ? files.read(IN_CLUSTER_NAMESPACE).trim() : DEFAULT_NAMESPACE
  }
  if (NAMESPACE_NAME.test(said)) return said
  throw new ConfigError(
    'HEDDLE_NAMESPACE',
    `is ${said}, which is no name of a namespace`,
    'HEDDLE_NAMESPACE=heddle',
  )
}

function readConfigFile(path: string | undefined, files: ConfigFiles): ConfigFile {
  if (!path) return ConfigFile.parse({})
  const example = 'HEDDLE_CONFIG=/etc/heddle/config.yaml with the content: { refresh: { lagSeconds: 5 } }'
  let text: string
  try {
    text = files.read(path)
  } catch (cause) {
    throw new ConfigError('HEDDLE_CONFIG', `names ${path}, which cannot be read`, example, cause)
  }
  let document: unknown
  try {
    document = parseYaml(text, { maxAliasCount: 50 })
  } catch (cause) {
    const where = cause instanceof Error ? cause.message.split('\n')[0]?.replace(/:$/, '') : 'not YAML'
    throw new ConfigError('HEDDLE_CONFIG', `names ${path}, which is no YAML: ${where}`, example, cause)
  }
  const parsed = ConfigFile.safeParse(document ?? {})
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const at = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw new ConfigError('HEDDLE_CONFIG', `names ${path}, where ${at}${issue?.message}`, example)
}

function clustersOf(
  env: Readonly<Record<string, string | undefined>>,
  file: ConfigFile,
  files: ConfigFiles,
): ClusterConfig[] {
  const found: ClusterConfig[] = file.clusters.map((cluster) => ({
    name: cluster.name,
    kubeconfig: cluster.kubeconfig ?? null,
  }))
  for (const cluster of found) {
    if (cluster.kubeconfig !== null) checkKubeconfig('HEDDLE_CONFIG', cluster.kubeconfig)
  }
  if (found.length > 0) return found
  const name = env.HEDDLE_CLUSTER_NAME || DEFAULT_CLUSTER
  if (env.KUBECONFIG) {
    checkKubeconfig('KUBECONFIG', env.KUBECONFIG)
    return [{ name, kubeconfig: env.KUBECONFIG }]
  }
  if (env.KUBERNETES_SERVICE_HOST && canRead(IN_CLUSTER_TOKEN, files)) {
    return [{ name, kubeconfig: null }]
  }
  return []
}

/** Reads files only; whether the API server answers is found out later. */
function checkKubeconfig(variable: string, source: string): void {
  try {
    loadKubeConfig(source)
  } catch (cause) {
    if (!(cause instanceof KubeConfigError)) throw cause
    throw new ConfigError(
      variable,
      `is not usable: ${cause.message}`,
      'KUBECONFIG=/home/me/.kube/config',
      cause,
    )
  }
}

function canRead(path: string, files: ConfigFiles): boolean {
  try {
    files.read(path)
    return true
  } catch {
    return false
  }
}

function authOf(
  env: Readonly<Record<string, string | undefined>>,
  file: ConfigFile,
  hasClusters: boolean,
): AuthConfig {
  const mode = oneOf('HEDDLE_AUTH', env.HEDDLE_AUTH, ['anonymous', 'token', 'oidc', 'header']) ?? 'anonymous'
  if (mode === 'oidc') {
    // serving everyone while the operator believes in a login would be worse than not starting
    throw new ConfigError(
      'HEDDLE_AUTH',
      'is oidc, which this version cannot do yet: let people sign in with a token, or put a proxy that does OIDC in front and use header',
      'HEDDLE_AUTH=token',
    )
  }
  if (mode !== 'anonymous' && !hasClusters) {
    throw new ConfigError(
      'HEDDLE_AUTH',
      `is ${mode}, but no Kubernetes API is configured that could say who somebody is`,
      'KUBECONFIG=/home/me/.kube/config',
    )
  }
  const sessionKey = env.HEDDLE_SESSION_KEY || null
  if (sessionKey !== null && sessionKey.length < LEAST_KEY_CHARS) {
    throw new ConfigError(
      'HEDDLE_SESSION_KEY',
      `is shorter than ${LEAST_KEY_CHARS} characters and could be guessed`,
      'HEDDLE_SESSION_KEY="$(openssl rand -base64 32)"',
    )
  }
  return {
    mode,
    sessionKey,
    sessionMs: file.auth.sessionHours * 3_600_000,
    userHeader: file.auth.userHeader,
    groupsHeader: file.auth.groupsHeader,
  }
}
