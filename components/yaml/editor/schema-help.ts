/** Completion and hover from what the cluster says of a kind. */
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { Tooltip } from '@codemirror/view'
import type { EditorView } from '@codemirror/view'
import { findSchemaAt, typeWords, type KindSchema } from '@/lib/istio/kind-schema'
import { findKeyAt, findPlace } from './yaml-place'

/** Keys that are not there yet, required ones first; values where the schema or the type names them. */
export function completeFrom(schema: () => KindSchema | null) {
  return (context: CompletionContext): CompletionResult | null => {
    const root = schema()
    const place = root && findPlace(context.state.doc.toString(), context.pos)
    if (!root || !place) return null
    const known = findSchemaAt(root, place.path)
    if (!known) return null
    if (place.kind === 'value') {
      const values = known.enum ?? (known.type === 'boolean' ? ['true', 'false'] : [])
      if (values.length === 0) return null
      return {
        from: context.pos - place.typed.length,
        options: values.map((label) => ({ label, type: 'enum' })),
        validFor: /^[\w.-]*$/,
      }
    }
    if (place.typed === '' && !context.explicit) return null
    const taken = new Set(place.siblings)
    const options = Object.entries(known.properties ?? {})
      .filter(([name]) => !taken.has(name))
      .map(([name, field]) => keyCompletion(name, field, known.required ?? [], place.indent))
    return options.length === 0
      ? null
      : { from: context.pos - place.typed.length, options, validFor: /^[\w./-]*$/ }
  }
}

function keyCompletion(
  label: string,
  field: KindSchema,
  required: readonly string[],
  indent: number,
): Completion {
  const isRequired = required.includes(label)
  return {
    label,
    type: 'property',
    detail: `${typeWords(field)}${isRequired ? ', required' : ''}`,
    apply: `${label}:${opening(field, ' '.repeat(indent + 2))}`,
    boost: isRequired ? 10 : 0,
    ...(field.description === undefined ? {} : { info: field.description }),
  }
}

/** What follows a key so that one can write on. */
function opening(field: KindSchema, indent: string): string {
  if (field.type === 'array') return `\n${indent}- `
  return field.type === 'object' ? `\n${indent}` : ' '
}

/** What the key under the pointer is, as the cluster says it. */
export function hoverFrom(schema: () => KindSchema | null) {
  return (view: EditorView, position: number): Tooltip | null => {
    const root = schema()
    const key = root && findKeyAt(view.state.doc.toString(), position)
    const known = root && key && findSchemaAt(root, key.path)
    if (!key || !known) return null
    return {
      pos: key.from,
      end: key.to,
      above: true,
      create: () => ({ dom: description(key.path.at(-1) ?? '', known) }),
    }
  }
}

function description(name: string, known: KindSchema): HTMLElement {
  const dom = document.createElement('div')
  dom.className = 'cm-heddle-hover'
  const title = dom.appendChild(document.createElement('b'))
  title.textContent = name
  const type = dom.appendChild(document.createElement('i'))
  type.textContent = typeWords(known)
  if (known.description) dom.append(document.createElement('br'), known.description)
  return dom
}
