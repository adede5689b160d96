/** Credentials that change while we run: a token in a file, or what a credential plugin of a kubeconfig gives. */
import 'server-only'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join, sep } from 'node:path'
import type { KubeConfig, User } from '@kubernetes/client-node'
import { z } from 'zod'
import { parseJson } from '@/lib/http/parse-json'

/** What goes along with a request. */
interface Credential {
  token?: string | undefined
  /** of the client, in PEM */
  cert?: string | undefined
  key?: string | undefined
}

/** Stands in the place of a user's `authProvider`, where the library hands it on untouched. */
class RotatedCredentials {
  /** the present ones; throws an Error whose message says what is wrong with the file or the plugin */
  readonly read: () => Promise<Credential>
  /** the API server does not accept them: they are asked for anew next time */
  readonly refuse: () => void

  constructor(read: () => Promise<Credential>, refuse: () => void = () => {}) {
    this.read = read
    this.refuse = refuse
  }
}

/** What a kubeconfig says of a user whose credentials change; only the fields we use. */
const rotated = z.object({
  tokenFile: z.string().min(1).nullish(),
  exec: z
    .object({
      apiVersion: z.string(),
      command: z.string().min(1),
      args: z.array(z.string()).nullish(),
      env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
      installHint: z.string().nullish(),
    })
    .nullish(),
})

type Plugin = NonNullable<z.output<typeof rotated>['exec']>

/**
 * The user with credentials that are read when they are needed, where the kubeconfig's own `entry` for it names a
 * file or a plugin; paths count from `folder`. The library knows no `tokenFile`, and runs a plugin for every request
 * at hand, even for those whose credentials have just been refused.
 */
export function withRotation(user: User, entry: unknown, folder: string): User {
  const parsed = rotated.safeParse(entry)
  if (!parsed.success) return user
  const { tokenFile, exec } = parsed.data
  const { token: _token, exec: _exec, ...rest } = user
  if (tokenFile) return { ...rest, authProvider: fromFile(fromFolder(folder, tokenFile)) }
  if (exec) return { ...rest, authProvider: fromPlugin(exec, folder) }
  return user
}

/** The token of a file, which another program writes anew before it expires. */
export function fromFile(path: string): RotatedCredentials {
  return new RotatedCredentials(async () => {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (cause) {
      throw new Error(`the token file ${path} cannot be read (${codeOf(cause)})`, { cause })
    }
    const token = text.trim()
    if (token === '') throw new Error(`the token file ${path} is empty`)
    return { token }
  })
}

/** Sends what a user's file or plugin gives; belongs to every configuration whose users have such. */
export const ROTATION: Parameters<KubeConfig['addAuthenticator']>[0] = {
  isAuthProvider: (user) => user.authProvider instanceof RotatedCredentials,
  async applyAuthentication({ authProvider }, options) {
    if (!(authProvider instanceof RotatedCredentials)) return
    const { token, cert, key } = await authProvider.read()
    if (token) options.headers = { ...options.headers, Authorization: `Bearer ${token}` }
    if (cert) options.cert = cert
    if (key) options.key = key
  },
}

/** The API server does not accept what was sent: where that changes, it is asked for anew next time. */
export function refuseCredentials(config: KubeConfig): void {
  const provider: unknown = config.getCurrentUser()?.authProvider
  if (provider instanceof RotatedCredentials) provider.refuse()
}

/** a plugin may ask a server elsewhere; one that waits for somebody to sign in never ends. Shorter than requests wait. */
const PLUGIN_TIMEOUT_MS = 20_000
const PLUGIN_MAX_BYTES = 1024 * 1024
/** what a plugin gave so lately it would give again */
const ASK_AGAIN_MS = 10_000
/** of what a plugin says of its failure */
const MOST_SAID = 300

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
const execCredential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
})

/** One run for all requests that wait; what it gave is kept until it expires or is refused. */
function fromPlugin(plugin: Plugin, folder: string): RotatedCredentials {
  let kept: { credential: Credential; at: number; until: number } | null = null
  let running: Promise<Credential> | null = null

  async function ask(): Promise<Credential> {
    const text = await run(plugin, folder)
    const answer = execCredential.safeParse(parseJson(text))
    if (!answer.success) {
      throw new Error(`${label(plugin)} did not answer with an ExecCredential that has a status`)
    }
    const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = answer.data.status
    if (!token && !cert) throw new Error(`${label(plugin)} answered with neither token nor certificate`)
    const until = expirationTimestamp === undefined ? Number.NaN : Date.parse(expirationTimestamp)
    const credential = { token, cert, key }
    kept = { credential, at: Date.now(), until: Number.isNaN(until) ? Infinity : until }
    return credential
  }

  return new RotatedCredentials(
    async () => {
      if (kept && Date.now() < kept.until) return kept.credential
      running ??= ask().finally(() => {
        running = null
      })
      return running
    },
    () => {
      if (kept && Date.now() - kept.at >= ASK_AGAIN_MS) kept = null
    },
  )
}

/** What the plugin prints. Throws an Error that names it and says what it said. */
function run(plugin: Plugin, folder: string): Promise<string> {
  const info = { apiVersion: plugin.apiVersion, kind: 'ExecCredential', spec: { interactive: false } }
  const own = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]))
  const command = plugin.command.includes(sep) ? fromFolder(folder, plugin.command) : plugin.command
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      plugin.args ?? [],
      {
        env: { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info), ...own },
        timeout: PLUGIN_TIMEOUT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: PLUGIN_MAX_BYTES,
      },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout)
        else reject(new Error(failureOf(plugin, error, stderr), { cause: error }))
      },
    )
    // nobody is there to answer a question
    child.stdin?.end()
  })
}

function failureOf(
  plugin: Plugin,
  error: Error & { code?: unknown; killed?: boolean },
  stderr: string,
): string {
  const name = label(plugin)
  if (error.code === 'ENOENT') {
    const hint = plugin.installHint ? `: ${shortened(plugin.installHint)}` : ''
    return `${name} is not installed here${hint}`
  }
  if (error.killed) return `${name} did not answer within ${PLUGIN_TIMEOUT_MS / 1000} s`
  const said = shortened(stderr)
  return `${name} failed (${String(error.code)})${said === '' ? '' : `: ${said}`}`
}

function label(plugin: Plugin): string {
  return `the credential plugin ${plugin.command} of the kubeconfig`
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)}…` : line
}

function fromFolder(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
