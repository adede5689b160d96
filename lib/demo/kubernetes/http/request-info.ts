import { findResource } from '../kinds'
import type { ResourceKind } from '../kinds'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection'

/** What a URL of the resource API asks for. */
export interface RequestInfo {
  verb: Verb
  group: string
  version: string
  /** plural of the URL, known or not */
  plural: string
  resource: ResourceKind | undefined
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
}

const WRITES: Readonly<Record<string, Verb>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
}

/**
 * Reads `/api/v1/…` and `/apis/{group}/{version}/…`; undefined when the path names no resource.
 * Grammar: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris
 */
export function parseRequest(method: string, url: URL): RequestInfo | undefined {
  let parts: string[]
  try {
    parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  } catch {
    return undefined
  }
  let group = ''
  if (parts[0] === 'api') parts = parts.slice(1)
  else if (parts[0] === 'apis') {
    group = parts[1] ?? ''
    parts = parts.slice(2)
  } else return undefined
  const version = parts.shift()
  if (version === undefined) return undefined
  const isOldWatch = parts[0] === 'watch'
  if (isOldWatch) parts.shift()

  let namespace: string | undefined
  // /namespaces/{name} alone is the namespace itself, and so are its own subresources
  if (parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize') {
    namespace = parts[1]
    parts = parts.slice(2)
  }
  const [plural, name, subresource, ...rest] = parts
  if (plural === undefined || rest.length > 0) return undefined
  const resource = findResource(group, plural)
  const isServed = resource?.versions.includes(version) ?? false
  const watch = url.searchParams.get('watch')
  const isWatch = isOldWatch || (watch !== null && watch !== '0' && watch !== 'false')
  let verb = WRITES[method] ?? (name === undefined ? (isWatch ? 'watch' : 'list') : isWatch ? 'watch' : 'get')
  if (verb === 'delete' && name === undefined) verb = 'deletecollection'
  return {
    verb,
    group,
    version,
    plural,
    resource: isServed ? resource : undefined,
    namespace,
    name,
    subresource,
  }
}
