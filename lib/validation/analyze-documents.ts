/** Analysis of text alone: the documents are the world. */
import { parseDocument } from 'yaml'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { analyze } from './analyze'
import { CHECKERS } from './checkers'
import { LIMITS, parseDocuments, type DocumentProblem } from './documents'
import type { Checker, Finding } from './finding'
import { CONFIG_MAP, POD } from './lookups/kinds'
import { asFields, asText, isFields, labelsOf, type Fields } from './read'
import { templatePods } from './template-pods'
import { createWorld, kindKey, readMeshSettings } from './world'
import { AS_KUBERNETES_READS, valueOf } from './yaml'

export interface DocumentsInput {
  documents: string
  /** the `mesh` document, or the ConfigMap that holds it; else the documents' own `istio` ConfigMap is read */
  meshConfig?: string | undefined
}

export interface DocumentsOptions {
  /** epoch milliseconds; without it nothing is said about expiry */
  now?: number
  checkers?: readonly Checker[]
}

/** The findings of documents, or why they are no set of objects: then nothing is analyzed. */
export function analyzeDocuments(
  { documents, meshConfig }: DocumentsInput,
  { now, checkers = CHECKERS }: DocumentsOptions = {},
): { findings: Finding[]; problems: [] } | { findings: []; problems: DocumentProblem[] } {
  const { objects, problems, lineOf } = parseDocuments(documents)
  if (problems.length > 0) return { findings: [], problems }
  const mesh = meshConfig === undefined ? ownMeshConfig(objects) : parseMesh(meshConfig, 'meshConfig')
  if ('problem' in mesh) return { findings: [], problems: [mesh.problem] }
  const settings = readMeshSettings(mesh.raw)
  const world = createWorld(objects, settings, {
    now: now ?? null,
    assumed: [...assumedGateway(objects, settings.rootNamespace), ...templatePods(objects)],
  })
  return { findings: analyze(world, checkers, lineOf), problems: [] }
}

type Mesh = { raw: Fields | null } | { problem: DocumentProblem }

/** The mesh document of an `istio` ConfigMap among the objects. */
function ownMeshConfig(objects: readonly ConfigObject[]): Mesh {
  const map = objects.find((object) => kindKey(object) === CONFIG_MAP && object.metadata.name === 'istio')
  const text = asText(asFields(map?.data).mesh)
  return text === '' ? { raw: null } : parseMesh(text, 'the mesh document of the ConfigMap istio')
}

function parseMesh(text: string, what: string): Mesh {
  if (text.length > LIMITS.characters) {
    return {
      problem: {
        message: `${what} has ${text.length} characters; at most ${LIMITS.characters} are read`,
        line: null,
      },
    }
  }
  const document = parseDocument(text, AS_KUBERNETES_READS)
  const [error] = document.errors
  if (error) {
    const message = `${what}: ${error.message.split('\n')[0] ?? 'not YAML'}`
    return { problem: { message, line: error.linePos?.[0].line ?? null } }
  }
  const plain = valueOf(document)
  if ('problem' in plain) return { problem: { message: `${what}: ${plain.problem}`, line: 1 } }
  const { value } = plain
  if (value === null || value === undefined) return { raw: null }
  if (!isFields(value)) return { problem: { message: `${what} is not a mesh configuration`, line: 1 } }
  return value.kind === 'ConfigMap' ? parseMesh(asText(asFields(value.data).mesh), what) : { raw: value }
}

/**
 * The ingress gateway that an installation brings, for documents that refer to it without describing it: as
 * `istioctl analyze` assumes when it is given files only.
 */
function assumedGateway(objects: readonly ConfigObject[], namespace: string): ConfigObject[] {
  const labels = { istio: 'ingressgateway' }
  const isDescribed = objects.some(
    (object) => kindKey(object) === POD && labelsOf(object).istio === labels.istio,
  )
  if (isDescribed) return []
  const metadata = { name: 'istio-ingressgateway', namespace }
  const ports = [80, 443, 31400, 15443].map((port) => ({ name: `tcp-${port}`, port, targetPort: port }))
  return [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels },
      spec: { containers: [{ name: 'istio-proxy' }] },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports } },
  ]
}
