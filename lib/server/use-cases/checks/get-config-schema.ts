import 'server-only'
import type { SchemaAnswer, SchemaQuery } from '@/lib/api/schemas/config/editing'
import type { KindSchema } from '@/lib/istio/kind-schema'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import { findKindSchema, openApiDocument, openApiIndex } from '@/lib/kubernetes/openapi'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import { clusterNamed, isSupported } from '../../changes/targets'
import { notFound } from '../../errors'
import type { Upstreams } from '../../upstreams'

/** Schemas change when somebody installs something. */
const REMEMBERED_MS = 10 * 60_000

const remembered = new WeakMap<
  KubernetesClient,
  Map<string, { until: number; schema: Promise<KindSchema | null> }>
>()

/**
 * What the cluster's API server says of the fields of a kind. Null with a notice where it publishes no schemas:
 * one edits without help then. Throws Refusal('not-found') for kinds that are not ours, UpstreamError.
 */
export async function getConfigSchema(up: Upstreams, query: SchemaQuery): Promise<SchemaAnswer> {
  const { client, cluster } = clusterNamed(up, query.cluster)
  const { group, version, kind } = query
  if (!isSupported(group, kind)) {
    throw notFound(`There is no kind ${kind} of ${group}/${version} that Heddle changes.`, 'unknown-kind')
  }
  const known =
    remembered.get(client) ?? new Map<string, { until: number; schema: Promise<KindSchema | null> }>()
  remembered.set(client, known)
  const key = `${group}/${version}/${kind}`
  const now = up.clock.now()
  let entry = known.get(key)
  if (!entry || entry.until <= now) {
    entry = { until: now + REMEMBERED_MS, schema: readSchema(client, query) }
    known.set(key, entry)
    entry.schema.catch(() => known.delete(key))
  }
  const schema = await entry.schema
  return {
    schema,
    notices: schema
      ? []
      : [
          {
            code: 'schema-not-published',
            message: `The API server of cluster ${cluster} publishes no schema of ${kind}: there is no completion.`,
            upstream: 'kubernetes',
          },
        ],
  }
}

async function readSchema(
  client: KubernetesClient,
  wanted: { group: string; version: string; kind: string },
): Promise<KindSchema | null> {
  const index = openApiIndex.safeParse(await readOrNull(client, '/openapi/v3'))
  // servers before 1.24, and users who may not read it
  if (!index.success) return null
  const place = index.data.paths[`apis/${wanted.group}/${wanted.version}`]
  if (!place) return null
  const url = new URL(place.serverRelativeURL, 'http://server')
  const query = Object.fromEntries(url.searchParams)
  const document = openApiDocument.safeParse(await client.read(url.pathname, { query, attempts: 2 }))
  if (!document.success) {
    throw new UpstreamError('kubernetes', 'decode', `the answer of ${url.pathname} is no OpenAPI document`, {
      cause: document.error,
    })
  }
  return findKindSchema(document.data.components.schemas, wanted) ?? null
}

async function readOrNull(client: KubernetesClient, path: string): Promise<unknown> {
  try {
    return await client.read(path, { attempts: 2 })
  } catch (error) {
    if (isUpstreamError(error) && (error.status === 403 || error.status === 404)) return null
    throw error
  }
}
