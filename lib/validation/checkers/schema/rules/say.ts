import type { ConfigObject } from '@/lib/mesh/inventory'
import type { FieldPath } from '@/lib/validation/finding'

/** Where a rule says what is wrong: an error keeps istiod from using the object, a warning does not. */
export interface Say {
  error(path: FieldPath, message: string): void
  warning(path: FieldPath, message: string): void
}

/** Istio's own rules for objects of one kind, beyond the shape that the schema gives. */
export type Rules = (object: ConfigObject, say: Say) => void
