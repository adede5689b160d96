'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'

type Taste = number | boolean | string

const PREFIX = 'heddle.'
const listeners = new Set<() => void>()

/**
 * What a person likes, kept in this browser: panel widths, folded navigation, animation. Never what is looked at
 * (that is in the URL). A browser that refuses storage keeps it for the visit.
 */
export function useTaste(name: string, initial: boolean): [boolean, (value: boolean) => void]
export function useTaste(name: string, initial: number): [number, (value: number) => void]
export function useTaste(name: string, initial: string): [string, (value: string) => void]
export function useTaste<T extends Taste>(name: string, initial: T): [T, (value: T) => void] {
  const read = useCallback(() => readTaste(name), [name])
  const text = useSyncExternalStore(subscribeTaste, read, () => null)
  const value = useMemo(() => parse(text, initial), [text, initial])
  const set = useCallback((next: T) => writeTaste(name, JSON.stringify(next)), [name])
  return [value, set]
}

const memory = new Map<string, string>()

export function readTaste(name: string): string | null {
  const remembered = memory.get(name)
  if (remembered !== undefined) return remembered
  try {
    return window.localStorage.getItem(PREFIX + name)
  } catch {
    return null
  }
}

export function writeTaste(name: string, text: string): void {
  memory.set(name, text)
  try {
    window.localStorage.setItem(PREFIX + name, text)
  } catch {
    // full or forbidden: memory has it for this visit
  }
  for (const listener of listeners) listener()
}

export function subscribeTaste(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function parse<T extends Taste>(text: string | null, initial: T): T {
  if (text === null) return initial
  try {
    const value: unknown = JSON.parse(text)
    // the type was checked one line up: same kind as the initial value
    return typeof value === typeof initial ? (value as T) : initial
  } catch {
    return initial
  }
}
