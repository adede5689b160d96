/** A text of YAML after its object was changed by a form: comments, order and style of what stays are kept. */
import { isMap, isSeq, parseDocument, type Document } from 'yaml'
import { AS_KUBERNETES_READS } from '@/lib/validation/yaml'
import { diffJson, isEqual, type JsonPatchOperation } from '../difference/json-patch'
import { READ_BY_OTHERS, yamlOf } from './content-yaml'

/**
 * The text with what differs between the object it holds and `after`. Where the text has anchors or other means that
 * cannot be edited in place, it is written anew, so that it always says `after`.
 */
export function editedText(text: string, after: unknown): string {
  const document = parseDocument(text, { ...AS_KUBERNETES_READS, ...READ_BY_OTHERS })
  if (document.errors.length > 0) return yamlOf(after)
  const isDone = diffJson(plainOf(document), after).every((operation) => applyTo(document, operation))
  if (!isDone || !isEqual(plainOf(document), after)) return yamlOf(after)
  return document.toString({ lineWidth: 0 })
}

function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch {
    return undefined
  }
}

function applyTo(document: Document, operation: JsonPatchOperation): boolean {
  const parts = operation.path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const last = parts.at(-1)
  if (last === undefined) return false
  const way = parts.slice(0, -1)
  const parent = way.length === 0 ? document.contents : document.getIn(way.map(keyOf), true)
  if (isSeq(parent)) {
    const place = last === '-' ? parent.items.length : Number(last)
    if (!Number.isInteger(place)) return false
    if (operation.op === 'remove') parent.items.splice(place, 1)
    else if (operation.op === 'add') parent.items.splice(place, 0, document.createNode(operation.value))
    else if (operation.op === 'replace') parent.set(place, document.createNode(operation.value))
    return true
  }
  if (!isMap(parent)) return false
  if (operation.op === 'remove') parent.delete(last)
  else if (operation.op === 'add' || operation.op === 'replace') {
    parent.set(last, document.createNode(operation.value))
    // `route: []` grows into lines of its own
    parent.flow = false
  }
  return true
}

/** `getIn` takes the places of lists as numbers, and the keys of maps as texts that look like numbers. */
function keyOf(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part
}
