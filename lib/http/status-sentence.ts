import 'server-only'

/** What a failing status of `where` means and where to look, as a sentence without its stop. */
export function statusSentence(where: string, status: number): string {
  if (status === 401) return `${where} does not accept our credentials, or wants some (401)`
  if (status === 403) return `${where} refuses our credentials (403)`
  if (status === 404) return `${where} does not exist (404); is the base path right?`
  if (status === 429) return `${where} has too many requests (429)`
  if (status === 502 || status === 503 || status === 504) {
    return `${where} answered with status ${status}: it, or a proxy in front of it, is not ready`
  }
  return `${where} answered with status ${status}${status >= 500 ? '; its own log says why' : ''}`
}
