/** The API's description, from the very schemas that parse its requests and shape its answers. */
import { z } from 'zod'
import { ROUTES } from './routes'
import type { Route } from './routes/route'
import { AnalyzeBody, Finding, Findings, LiveFinding, LiveFindingList } from './schemas/config/analyze'
import {
  ApplyAnswer,
  ChangeBody,
  ChangeList,
  ChangePreview,
  ChangeSummary,
  ConfigDetail,
  ConfigList,
  ConfigListItem,
  ConflictVersions,
  PreviewAnswer,
} from './schemas/config/changes'
import { ApiError, Health, LatencyMs, Notice } from './schemas/common'
import { CheckAnswer, SchemaAnswer, SchemaNode, TextProblem } from './schemas/config/editing'
import { Graph, GraphEdge, GraphNode, GraphPatch } from './schemas/mesh/graph'
import { ItemDetail, ItemList, ListItem } from './schemas/mesh/lists'
import { MetricAnswer } from './schemas/telemetry/metrics'
import {
  MtlsClient,
  MtlsList,
  MtlsRow,
  PlaintextCaller,
  Preflight,
  PreflightCaller,
} from './schemas/config/mtls'
import { ObjectRef, Split, SplitBackend, SplitList } from './schemas/config/splits'
import { ObjectContext, ObjectEvent, ObjectReference } from './schemas/config/object-context'
import { HealthSummary, NamespaceList, ScenarioList, Status } from './schemas/status'
import { Span, Trace, TraceAnswer, TraceList } from './schemas/telemetry/traces'

const NAMED = {
  AnalyzeBody,
  ApiError,
  ApplyAnswer,
  ChangeBody,
  ChangeList,
  ChangePreview,
  ChangeSummary,
  CheckAnswer,
  ConfigDetail,
  ConfigList,
  ConfigListItem,
  ConflictVersions,
  Finding,
  Findings,
  Graph,
  GraphEdge,
  GraphNode,
  GraphPatch,
  Health,
  HealthSummary,
  ItemDetail,
  ItemList,
  LatencyMs,
  ListItem,
  LiveFinding,
  LiveFindingList,
  MetricAnswer,
  MtlsClient,
  MtlsList,
  MtlsRow,
  NamespaceList,
  Notice,
  ObjectContext,
  ObjectEvent,
  ObjectRef,
  ObjectReference,
  PlaintextCaller,
  Preflight,
  PreflightCaller,
  ScenarioList,
  SchemaAnswer,
  SchemaNode,
  Span,
  Split,
  SplitBackend,
  SplitList,
  Status,
  TextProblem,
  Trace,
  TraceAnswer,
  TraceList,
} as const

type Json = Record<string, unknown>

/** OpenAPI 3.1, whose schemas are JSON Schema 2020-12, what zod writes. */
export function openapi(version: string): Json {
  const registry = z.registry<{ id?: string }>()
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: reference })
  const paths: Record<string, Json> = {}
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Heddle',
      version,
      description:
        'Live topology of a service mesh. Times in: RFC 3339 or epoch seconds; out: epoch milliseconds. Ratios run from 0 to 1; null is not measured, 0 is measured none.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)])),
    },
  }
}

function operation(route: Route): Json {
  const parameters = [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')]
  const error = { content: json({ $ref: reference('ApiError') }) }
  return {
    summary: route.summary,
    operationId: operationId(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body ? { requestBody: requestBody(route.body) } : {}),
    responses: {
      200: {
        description: 'The answer',
        content: route.answer ? json(answerSchema(route.answer)) : { [route.contentType ?? '']: {} },
      },
      400: { description: 'A parameter is wrong; the error names it', ...error },
      404: { description: 'There is no such thing', ...error },
      ...(route.answer === ApplyAnswer || route.answer === PreviewAnswer
        ? {
            403: { description: 'Read-only, another site’s page, or not allowed in Kubernetes', ...error },
            409: {
              description:
                'Somebody else changed the object, or its name is taken; the versions are beside the error',
              content: json({
                allOf: [{ $ref: reference('ApiError') }, { $ref: reference('ConflictVersions') }],
              }),
            },
          }
        : {}),
      502: { description: 'An upstream refuses, fails or answers what cannot be read', ...error },
      503: { description: 'An upstream cannot be reached', ...error },
      504: { description: 'An upstream did not answer in time', ...error },
      default: { description: 'Any other failure; docs/api.md has the codes', ...error },
    },
  }
}

function requestBody({ json: schema, text }: NonNullable<Route['body']>): Json {
  const texts = text === undefined ? {} : { [text]: { schema: { type: 'string' } } }
  return { required: true, content: { ...json(answerSchema(schema)), ...texts } }
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!schema) return []
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const required = new Set(described.required ?? [])
  return Object.entries(described.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property as Json & { description?: string }
    return {
      name,
      in: place,
      required: place === 'path' || required.has(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    }
  })
}

function answerSchema(schema: z.ZodType): Json {
  const name = Object.entries(NAMED).find(([, named]) => named === schema)?.[0]
  return name ? { $ref: reference(name) } : plain(z.toJSONSchema(schema, { io: 'output' }))
}

function operationId({ method, path }: Route): string {
  const words = path
    .replace('/api/v1/', '')
    .split(/[^A-Za-z]+/)
    .filter(Boolean)
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('')
}

function reference(id: string): string {
  return `#/components/schemas/${id}`
}

function json(schema: Json): Json {
  return { 'application/json': { schema } }
}

/** Inside OpenAPI the dialect and the address of a schema are the document's. */
function plain(schema: object): Json {
  const { $schema: _dialect, $id: _address, ...rest } = schema as Json
  return rest
}
