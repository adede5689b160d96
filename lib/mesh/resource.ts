/** Objects of Kubernetes as addresses name them. */

/** Where an object is: what changes, findings and lists call it. `group` and `namespace` are empty where there is none. */
export interface ConfigRef {
  cluster: string
  group: string
  version: string
  kind: string
  namespace: string
  name: string
}

/** What stands in an address in the place of a group or namespace that is not there; neither can have that name. */
export const NONE = '-'

/**
 * The plural under which the API server serves a kind: `virtualservices`, `telemetries`, `gatewayclasses`.
 * English as the generators of custom resources write it; true for every kind we show.
 */
export function resourceOfKind(kind: string): string {
  const word = kind.toLowerCase()
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`
}

/** The reference of an object of a cluster that is known by its `apiVersion`. */
export function refOfObject(
  cluster: string,
  object: { apiVersion: string; kind: string; namespace: string; name: string },
): ConfigRef {
  const slash = object.apiVersion.indexOf('/')
  return {
    cluster,
    group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
  }
}
