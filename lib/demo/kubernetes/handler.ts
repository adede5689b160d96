import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { PodPorts } from '../proxy/pod-ports'
import { reconcileWorkloads } from './controller'
import { dryRunOf, fieldValidationOf } from './http/admission'
import { ApiError, methodNotAllowed, unknownPath } from './http/api-error'
import { ensureDefinitions } from './http/custom-resource-definitions'
import { defaultLogLines } from './http/pods/default-log-lines'
import { REVIEWS } from './http/discovery'
import { answerPlain } from './http/plain'
import { streamLogs } from './http/pods/logs'
import type { LogSource } from './http/pods/logs'
import { servePortForward } from './http/pods/port-forward'
import { answerGet, answerList, getObject } from './http/reads'
import { writeOne } from './http/representation'
import type { View } from './http/representation'
import { parseRequest } from './http/request-info'
import type { RequestInfo } from './http/request-info'
import {
  acceptsJson,
  mediaType,
  parseBody,
  parseObject,
  readBody,
  sendError,
  sendJson,
  wantedForm,
} from './http/responses'
import { answerReview } from './http/access/reviews'
import { toScale } from './http/scale'
import { parseSelectors } from './http/selectors'
import { findUser, mayDo } from './http/access/users'
import type { User } from './http/access/users'
import { streamWatch } from './http/watch'
import type { WatchOptions } from './http/watch'
import {
  PATCH_TYPES,
  createObject,
  deleteObject,
  deletedStatus,
  patchObject,
  readDeleteOptions,
  replaceObject,
} from './http/writes'
import type { Write, Written } from './http/writes'
import { apiVersionOf, qualifiedKind } from './kinds'
import type { ResourceKind } from './kinds'
import { asRecord } from './json'
import { timestamp } from './object-store'
import type { ObjectStore } from './object-store'

export interface KubernetesHandlerOptions {
  store: ObjectStore
  /** epoch milliseconds of the simulation */
  now: () => number
  /** what containers wrote; believable lines of its own when left out */
  logLines?: LogSource
  /** brings workloads in line after a write; `reconcileWorkloads` when left out */
  reconcile?: () => void
  /** mean time between bookmarks of a watch, default one minute */
  bookmarkMs?: number
  /** how long a watch lives that names no timeout, default half an hour */
  watchTimeoutMs?: number
}

/**
 * The Kubernetes API over an object store, as a request listener for node:http: discovery, OpenAPI, reads,
 * watches, writes with admission, reviews and pod logs. Bearer tokens name users, see `http/access/users.ts`.
 */
export function kubernetesHandler(
  options: KubernetesHandlerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { store, now } = options
  const oldest = store.list('Namespace').reduce<string>((first, namespace) => {
    const created = namespace.metadata.creationTimestamp ?? first
    return created < first ? created : first
  }, timestamp(now()))
  ensureDefinitions(store, oldest)
  const context: Context = {
    store,
    now,
    logLines: options.logLines ?? defaultLogLines,
    reconcile: options.reconcile ?? (() => reconcileWorkloads(store, now())),
    watch: { bookmarkMs: options.bookmarkMs ?? 60_000, timeoutMs: options.watchTimeoutMs ?? 1_800_000 },
    documents: new Map(),
  }
  return (request, response) => {
    answer(context, request, response).catch((error: unknown) => sendError(response, error))
  }
}

/**
 * The same API server's upgrades: port-forwards of pods. What is not one, or not allowed, is refused as any request.
 */
export function kubernetesUpgrades(options: {
  store: ObjectStore
  ports: PodPorts
}): (request: IncomingMessage, socket: Duplex) => void {
  return (request, socket) => {
    try {
      const url = new URL(request.url ?? '/', 'http://cluster.local')
      const user = userOf(request)
      const info = parseRequest(request.method ?? 'GET', url)
      if (info?.subresource !== 'portforward' || info.resource === undefined || info.name === undefined) {
        throw unknownPath()
      }
      authorize(user, info)
      // a port-forward changes what runs: newer API servers ask for this right as well
      authorize(user, { ...info, verb: 'create' })
      const pod = getObject(options.store, info.resource, info.namespace, info.name)
      const port = Number(url.searchParams.get('ports'))
      servePortForward(request, socket, pod, port, options.ports)
    } catch (error) {
      refuseUpgrade(socket, error)
    }
  }
}

function refuseUpgrade(socket: Duplex, error: unknown): void {
  const refusal = error instanceof ApiError ? error : new ApiError(500, 'InternalError', String(error))
  const body = JSON.stringify(refusal.toStatus())
  socket.end(
    `HTTP/1.1 ${refusal.code} ${refusal.reason}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function userOf(request: IncomingMessage): User {
  const actingAs = request.headers['impersonate-user']
  const user = findUser(request.headers.authorization, typeof actingAs === 'string' ? actingAs : undefined)
  if (user === undefined) throw new ApiError(401, 'Unauthorized', 'Unauthorized')
  return user
}

interface Context {
  store: ObjectStore
  now: () => number
  logLines: LogSource
  reconcile: () => void
  watch: WatchOptions
  /** OpenAPI documents as sent, by path and media type */
  documents: Map<string, Buffer>
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://cluster.local')
  const user = userOf(request)
  const path = url.pathname.replace(/(.)\/+$/, '$1')
  if (answerPlain(context.documents, request, response, path)) return

  const info = parseRequest(request.method ?? 'GET', url)
  if (info === undefined) throw unknownPath()
  authorize(user, info)
  if (!acceptsJson(request.headers.accept) && info.subresource !== 'log') {
    throw new ApiError(406, 'NotAcceptable', 'only the following media types are accepted: application/json')
  }
  const review = REVIEWS.find(
    (candidate) => candidate.group === info.group && candidate.plural === info.plural,
  )
  if (review !== undefined && info.verb === 'create') {
    const body = parseObject(await readBody(request), request.headers['content-type'])
    sendJson(response, 201, answerReview(info.plural, body, user))
    return
  }
  if (info.resource === undefined) throw unknownPath()
  await answerResource(context, request, response, url, info, info.resource)
}

function authorize(user: User, info: RequestInfo): void {
  const resource = info.subresource === undefined ? info.plural : `${info.plural}/${info.subresource}`
  // a namespace is asked for in itself
  const namespace =
    info.namespace ?? (info.plural === 'namespaces' && info.group === '' ? info.name : undefined)
  if (mayDo(user, { verb: info.verb, group: info.group, resource, namespace })) return
  const name = info.group === '' ? info.plural : `${info.plural}.${info.group}`
  const where = info.namespace === undefined ? 'at the cluster scope' : `in the namespace "${info.namespace}"`
  const what = info.name === undefined ? `${name} is forbidden` : `${name} "${info.name}" is forbidden`
  throw new ApiError(
    403,
    'Forbidden',
    `${what}: User "${user.name}" cannot ${info.verb} resource "${resource}" in API group "${info.group}" ${where}`,
    {
      ...(info.name === undefined ? {} : { name: info.name }),
      ...(info.group === '' ? {} : { group: info.group }),
      kind: info.plural,
    },
  )
}

async function answerResource(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  info: RequestInfo,
  resource: ResourceKind,
): Promise<void> {
  const { store } = context
  const { namespace, name, subresource, verb } = info
  const query = url.searchParams
  const isKnownSubresource =
    subresource === undefined || resource.subresources.some((known) => known === subresource)
  if (!isKnownSubresource) throw unknownPath()
  if (resource.namespaced && name !== undefined && namespace === undefined) throw unknownPath()
  if (!resource.namespaced && namespace !== undefined) throw unknownPath()
  const includeObject = query.get('includeObject')
  const view: View = {
    resource,
    version: info.version,
    form: subresource === 'scale' ? 'object' : wantedForm(request.headers.accept),
    includeObject: includeObject === 'None' || includeObject === 'Object' ? includeObject : 'Metadata',
    nowMs: context.now(),
  }
  switch (verb) {
    case 'list':
      sendJson(response, 200, answerList(store, view, namespace, query))
      return
    case 'watch':
      streamWatch(response, store, view, { namespace, name }, query, context.watch, context.now)
      return
    case 'get': {
      if (name === undefined) throw unknownPath()
      if (subresource === 'log') {
        const pod = getObject(store, resource, namespace, name)
        streamLogs(response, pod, query, context.logLines, context.now)
      } else if (subresource === 'portforward') {
        throw new ApiError(400, 'BadRequest', 'Upgrade request required')
      } else if (subresource === 'scale') {
        sendJson(response, 200, toScale(getObject(store, resource, namespace, name)))
      } else sendJson(response, 200, answerGet(store, view, namespace, name))
      return
    }
    default:
      await answerWrite(context, request, response, query, info, view)
  }
}

async function answerWrite(
  context: Context,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
  info: RequestInfo,
  view: View,
): Promise<void> {
  const { store } = context
  const { resource } = view
  const body = await readBody(request)
  const type = request.headers['content-type']
  const write: Write = {
    store,
    resource,
    version: info.version,
    namespace: info.namespace,
    name: info.name,
    subresource: info.subresource,
    fieldManager: query.get('fieldManager') || userAgentName(request.headers['user-agent']),
    fieldValidation: fieldValidationOf(query),
    dryRun: dryRunOf(query),
    nowMs: context.now(),
  }
  if (info.verb === 'delete' || info.verb === 'deletecollection') {
    if (info.subresource !== undefined) throw methodNotAllowed(resource)
    const given = body.length === 0 ? {} : parseObject(body, type)
    if (asRecord(given).dryRun !== undefined && asRecord(given).dryRun !== null) write.dryRun = true
    const deleteOptions = readDeleteOptions(given, query)
    const kind = qualifiedKind(resource.kind, resource.group)
    if (info.name !== undefined) {
      const before = getObject(store, resource, info.namespace, info.name)
      const lingering = deleteObject(write, info.name, deleteOptions)
      if (!write.dryRun) context.reconcile()
      const isLingering = lingering !== undefined && lingering.metadata.deletionTimestamp !== undefined
      sendJson(response, 200, isLingering ? writeOne(lingering, view) : deletedStatus(resource, before))
      return
    }
    const matches = parseSelectors(query, resource)
    const chosen = store.list(kind, info.namespace).filter(matches)
    for (const object of chosen) {
      deleteObject({ ...write, namespace: object.metadata.namespace }, object.metadata.name, deleteOptions)
    }
    if (!write.dryRun) context.reconcile()
    const metadata = { resourceVersion: String(store.revision) }
    const apiVersion = apiVersionOf(resource.group, info.version)
    sendJson(response, 200, { kind: `${resource.kind}List`, apiVersion, metadata, items: chosen })
    return
  }
  const written = await perform(info, write, body, type, query)
  // the answer is the object as written, before controllers react to it
  const warnings = written.warnings.map((text) => `299 - ${JSON.stringify(text)}`)
  if (!write.dryRun) context.reconcile()
  const answered = info.subresource === 'scale' ? toScale(written.object) : writeOne(written.object, view)
  sendJson(response, written.code, answered, warnings.length > 0 ? { Warning: warnings } : {})
}

async function perform(
  info: RequestInfo,
  write: Write,
  body: Buffer,
  type: string | undefined,
  query: URLSearchParams,
): Promise<Written> {
  if (info.verb === 'create') {
    if (info.name !== undefined) throw methodNotAllowed(write.resource)
    return createObject(write, parseObject(body, type))
  }
  if (info.name === undefined) throw methodNotAllowed(write.resource)
  if (info.verb === 'update') return replaceObject(write, parseObject(body, type))
  const patchType = PATCH_TYPES[mediaType(type)]
  if (patchType === undefined) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${Object.keys(PATCH_TYPES).join(', ')}`,
    )
  }
  if (patchType === 'apply' && !query.get('fieldManager')) {
    throw new ApiError(
      422,
      'Invalid',
      `PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch`,
      {
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: is required for apply patch',
            field: 'fieldManager',
          },
        ],
      },
    )
  }
  return patchObject(write, patchType, parseBody(body, type), query.get('force') === 'true')
}

/** Manager of a write that names none: the program's name, as Kubernetes takes it. */
function userAgentName(userAgent: string | undefined): string {
  return (userAgent ?? '').split('/', 1)[0]?.slice(0, 128) || 'unknown'
}
