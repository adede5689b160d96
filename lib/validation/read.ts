/**
 * Reads of objects that people wrote and nobody checked yet: a wrong type reads as absent, so a checker about
 * one field never trips over another. What is wrong with the type itself is for the schema's checker to say.
 */
import type { ConfigObject } from '@/lib/mesh/inventory'

export type Fields = Readonly<Record<string, unknown>>

const NONE: Fields = Object.freeze({})

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asFields(value: unknown): Fields {
  return isFields(value) ? value : NONE
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The items that are objects, each with its place in the list. */
export function items(value: unknown): (readonly [Fields, number])[] {
  return asList(value).flatMap((item, index) => (isFields(item) ? [[item, index] as const] : []))
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The items that are texts, in order. */
export function asTexts(value: unknown): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string')
}

/** A number, or a text that is one whole number (as ports in targetPort may be); else undefined. */
export function findNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}

/** The entries of a map of texts; other values are left out. */
export function asTextMap(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asFields(value)).filter((entry): entry is [string, string] => {
    return typeof entry[1] === 'string'
  })
  return Object.fromEntries(entries)
}

export function specOf(object: ConfigObject): Fields {
  return asFields(object.spec)
}

export function labelsOf(object: ConfigObject): Readonly<Record<string, string>> {
  return object.metadata.labels ?? {}
}

export function annotationsOf(object: ConfigObject): Readonly<Record<string, string>> {
  return object.metadata.annotations ?? {}
}

/** `namespace/name` as messages write it; the bare name for cluster-scoped objects. */
export function fullName(object: ConfigObject): string {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}

/** `a, b and 3 more`: lists in messages stay readable however long. */
export function listed(names: readonly string[], most = 5): string {
  if (names.length <= most) return names.join(', ')
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`
}
