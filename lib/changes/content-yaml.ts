/** Content as text. Apart from what merely compares it: a page that offers a change need not bring a YAML writer. */
import { stringify } from 'yaml'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { contentOf } from './content'

/** Content as YAML text, keys in their order; empty for an object that does not exist. */
export function contentYaml(object: ConfigObject | null): string {
  return object === null ? '' : yamlOf(contentOf(object))
}

/** YAML as changes show and record it: long lines stay whole, nothing is an alias. */
export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
}
