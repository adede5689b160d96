/** Keys and what they do, in tables that bind them and from which the help is made. Pure. */

/** A row of such a table. */
export interface KeyRow<C extends string = string> {
  /** as `KeyboardEvent.key` names them; several: any of them */
  keys: readonly string[]
  does: C
  words: string
}

interface PressedKey {
  key: string
  code?: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

/** The command of a table that a pressed key means; with Ctrl, Alt or Meta held it is another's. */
export function commandOf<C extends string>(rows: readonly KeyRow<C>[], event: PressedKey): C | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined
  const isShifted = event.shiftKey && /^(Arrow|F\d)/.test(event.key)
  const pressed = isShifted ? `Shift ${event.key}` : event.key
  return rows.find((row) => row.keys.includes(pressed))?.does
}

/** A pressed key by one name: `mod+k`, `?`, `g`; null for keys that are held to make another. */
export function nameOfKey(event: PressedKey): string | null {
  if (event.altKey || event.key.length !== 1) return null
  // a keyboard that writes other letters still has the same places
  const letter = /^[a-z]$/i.test(event.key)
    ? event.key
    : (/^Key([A-Z])$/.exec(event.code ?? '')?.[1] ?? event.key)
  const isMod = event.ctrlKey || event.metaKey
  if (isMod) return event.shiftKey ? null : `mod+${letter.toLowerCase()}`
  return event.shiftKey && /^[a-z]$/i.test(letter) ? null : letter.toLowerCase()
}
