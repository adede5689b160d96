import 'server-only'
import { parseAllDocuments, type Document } from 'yaml'
import type { z } from 'zod'
import {
  AS_KUBERNETES_READS,
  isEmptyDocument,
  jsonProblem,
  valueOf,
  yamlMessage,
} from '@/lib/validation/yaml'
import { Refusal, sentence } from '../errors'
import { mediaType, readBody } from '../read-body'

/** Objects end at 1.5 MB in etcd; a change may hold several. */
const MOST_BYTES = 5_000_000
const YAML_TYPES = new Set(['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'])

/** The body of a request, JSON or YAML by its media type. Throws Refusal naming line or bound. */
export async function readDocument(request: Request): Promise<unknown> {
  const type = mediaType(request)
  const isYaml = YAML_TYPES.has(type)
  if (!isYaml && type !== 'application/json') {
    throw new Refusal('unsupported', 'Send JSON as application/json, or YAML as application/yaml.', {
      code: 'unsupported-media-type',
    })
  }
  const text = await readBody(request, MOST_BYTES)
  if (isYaml) return parseYaml(text, 'body')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? ` (${error.message})` : ''
    throw new Refusal('invalid', `The body is not JSON${why}.`, { code: 'invalid-json' })
  }
  const problem = jsonProblem(value)
  if (problem !== undefined) throw new Refusal('invalid', sentence(problem), { code: 'invalid-json' })
  return value
}

/** One YAML document as a value; `parameter` names where it came from. Throws Refusal('invalid') with the line. */
export function parseYaml(text: string, parameter: string): unknown {
  const refuse = (message: string, code = 'invalid-yaml') =>
    new Refusal('invalid', message, { code, parameter })
  if (text.length > MOST_BYTES) throw refuse(`The YAML is longer than ${MOST_BYTES} characters.`)
  const documents = parseAllDocuments(text, AS_KUBERNETES_READS) as Document[]
  // of one that does not parse the rest counts, empty or not
  const list = documents.filter((one) => one.errors.length > 0 || !isEmptyDocument(one))
  const [document] = list
  if (!document) throw refuse('The YAML is empty.')
  const error = list.flatMap((one) => one.errors)[0]
  if (error) {
    const line = error.linePos?.[0].line
    throw refuse(`${line === undefined ? '' : `Line ${line}: `}${yamlMessage(error)}.`)
  }
  if (list.length > 1) {
    throw refuse(`There are ${list.length} YAML documents; give one for each object.`, 'several-documents')
  }
  const plain = valueOf(document)
  if ('problem' in plain) throw refuse(sentence(plain.problem))
  return plain.value
}

/** The value as its schema has it. Throws Refusal('invalid') naming the place that does not fit. */
export function parseBody<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = (issue?.path ?? []).map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  )
  const parameter = place.join('').replace(/^\./, '')
  throw new Refusal(
    'invalid',
    `The body does not fit: ${parameter}${parameter && ': '}${issue?.message ?? 'unknown'}.`,
    {
      code: 'invalid-body',
      ...(parameter === '' ? {} : { parameter }),
    },
  )
}
