/** Tags to search by, as people write them: `http.status_code=503 user_agent="a b"`. */

export const MOST_TAGS = 10

export type TagSearch = { ok: true; tags: Record<string, string> } | { ok: false; message: string }

const PAIR = /\s*([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)/y

/** Pairs of key and value between spaces; a value with spaces stands in quotes. Says what does not fit. */
export function parseTags(written: string): TagSearch {
  const text = written.trim()
  const tags: Record<string, string> = {}
  PAIR.lastIndex = 0
  while (PAIR.lastIndex < text.length) {
    const from = PAIR.lastIndex
    const pair = PAIR.exec(text)
    const key = pair?.[1]
    const value = pair?.[2]
    if (key === undefined || value === undefined || key === '__proto__') {
      return {
        ok: false,
        message: `Write tags as key=value; "${text.slice(from).trim().slice(0, 40)}" is none.`,
      }
    }
    tags[key] = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
  }
  if (Object.keys(tags).length > MOST_TAGS) return { ok: false, message: `At most ${MOST_TAGS} tags.` }
  return { ok: true, tags }
}
