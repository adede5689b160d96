'use client'

import type { Fields, Path } from '@/lib/istio/edit/fields'
import { readForm, writeForm, type Bindings, type FormOf } from '@/lib/istio/edit/form'

/** A part of the object under edit, where it is, and how it is replaced. */
export interface PartProps {
  part: Fields
  at: Path
  onChange: (part: Fields) => void
}

/** The values of a form over a part, a way to set one of them, and where each is in the object. */
export function useBound<B extends Bindings>(bindings: B, { part, at, onChange }: PartProps) {
  const values = readForm(bindings, part)
  return {
    values,
    set: <K extends keyof B & string>(name: K, value: FormOf<B>[K]) =>
      onChange(writeForm(bindings, part, { ...values, [name]: value })),
    /** several at once: each alone would begin from the same state */
    setAll: (next: Partial<FormOf<B>>) => onChange(writeForm(bindings, part, { ...values, ...next })),
    pathOf: (name: keyof B & string): Path => [...at, ...(bindings[name]?.path ?? [])],
  }
}
