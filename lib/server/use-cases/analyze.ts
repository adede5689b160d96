import 'server-only'
import { AnalyzeBody, type Findings } from '@/lib/api/schemas/analyze'
import { ALL_CHECKERS } from '@/lib/validation/all-checkers'
import { analyzeDocuments } from '@/lib/validation/analyze-documents'
import { LIMITS } from '@/lib/validation/documents'
import { Refusal } from '../errors'
import { mediaType, readBody } from '../read-body'

const YAML = new Set(['', 'application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/plain'])
/** A character is at most three bytes of UTF-8 for each of its UTF-16 units; JSON escapes may take more. */
const MAX_BYTES = 4 * LIMITS.characters

/**
 * Findings about the documents of a request: YAML itself, or JSON that holds it. Needs no cluster.
 * Throws Refusal where the text is no set of objects, naming the line, or exceeds a bound, naming the bound.
 */
export async function analyzeRequest(request: Request, now: number): Promise<Findings> {
  const input = await readInput(request)
  const { findings, problems } = analyzeDocuments(input, { now, checkers: ALL_CHECKERS })
  const [problem] = problems
  if (problem) {
    const where = problem.line === null ? '' : `Line ${problem.line}: `
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more problems)` : ''
    throw new Refusal('invalid', `${where}${problem.message}${more}.`, { code: 'invalid-documents' })
  }
  return { findings }
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
