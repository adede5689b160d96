import 'server-only'
import { AnalyzeBody, type Findings } from '@/lib/api/schemas/config/analyze'
import { ALL_CHECKERS } from '@/lib/validation/all-checkers'
import { analyzeDocuments } from '@/lib/validation/analyze-documents'
import { LIMITS, parseDocuments, type DocumentProblem } from '@/lib/validation/documents'
import { namespaceOf } from '@/lib/validation/world'
import { clusterNamed } from '../../changes/targets'
import { Refusal } from '../../errors'
import { observeNow } from '../../findings/observe'
import { mediaType, readBody } from '../../read-body'
import { currentAccess, withoutHidden } from '../../session/access'
import { requireSight } from '../../session/narrow'
import type { Upstreams } from '../../upstreams'
import { findingsInCluster } from './check-text'

const YAML = new Set(['', 'application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/plain'])
/** A character is at most three bytes of UTF-8 for each of its UTF-16 units; JSON escapes may take more. */
const MAX_BYTES = 4 * LIMITS.characters

/**
 * Findings about the documents of a request: YAML itself, or JSON that holds it. Needs no cluster unless one is named:
 * then they are taken as if they were in it.
 * Throws Refusal where the text is no set of objects, naming the line, or exceeds a bound, naming the bound.
 */
export async function analyzeRequest(up: Upstreams, request: Request): Promise<Findings> {
  const { cluster, ...input } = await readInput(request)
  if (cluster !== undefined) return analyzeInCluster(up, cluster, input)
  const now = up.clock.now()
  const { findings, problems } = analyzeDocuments(input, { now, checkers: ALL_CHECKERS })
  refuse(problems)
  return { findings }
}

async function analyzeInCluster(
  up: Upstreams,
  name: string,
  { documents, meshConfig }: AnalyzeBody,
): Promise<Findings> {
  const { cluster } = clusterNamed(up, name)
  if (meshConfig !== undefined) {
    throw new Refusal('invalid', 'A cluster has its own mesh configuration; leave meshConfig out.', {
      code: 'mesh-config-of-cluster',
    })
  }
  const parsed = parseDocuments(documents)
  refuse(parsed.problems)
  for (const namespace of new Set(parsed.objects.map(namespaceOf))) {
    if (namespace !== '') await requireSight(up, cluster, namespace)
  }
  await observeNow(up)
  const access = await currentAccess(up)
  const findings = withoutHidden(up, access, cluster, findingsInCluster(up, cluster, parsed))
  if (findings) return { findings }
  throw new Refusal('unavailable', `The objects of cluster ${cluster} have not been read yet.`, {
    code: 'objects-not-read',
  })
}

function refuse(problems: readonly DocumentProblem[]): void {
  const [problem] = problems
  if (!problem) return
  const where = problem.line === null ? '' : `Line ${problem.line}: `
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more problems)` : ''
  throw new Refusal('invalid', `${where}${problem.message}${more}.`, { code: 'invalid-documents' })
}

async function readInput(request: Request): Promise<AnalyzeBody> {
  const type = mediaType(request)
  if (type !== 'application/json' && !YAML.has(type)) {
    throw new Refusal(
      'unsupported',
      'Send YAML documents as application/yaml, or JSON as application/json.',
      {
        code: 'unsupported-media-type',
      },
    )
  }
  const text = await readBody(request, MAX_BYTES)
  if (type !== 'application/json') return { documents: text }
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'The body is not JSON.', { code: 'invalid-body' })
  }
  const parsed = AnalyzeBody.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw new Refusal('invalid', `The body does not fit: ${place}${issue?.message ?? 'unknown'}.`, {
    code: 'invalid-body',
  })
}
