/** Content as text. Apart from what merely compares it: a page that offers a change need not bring a YAML writer. */
import { stringify } from 'yaml'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { contentOf } from '../content'

/** Content as YAML text, keys in their order; empty for an object that does not exist. */
export function contentYaml(object: ConfigObject | null): string {
  return object === null ? '' : yamlOf(contentOf(object))
}

/** What kubectl and Git tools take for something else than text, such as `on` and `2020-01-01`, is quoted. */
export const READ_BY_OTHERS = { compat: 'yaml-1.1' } as const

/** YAML as changes show and record it: long lines stay whole, nothing is an alias. */
export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, ...READ_BY_OTHERS })
}
