import type { ItemRef } from '@/lib/api/paths'

/** Path parameters of a page as names; Next hands them over as they stand in the address. */
export function itemRefOf(params: ItemRef): ItemRef {
  return {
    cluster: plain(params.cluster),
    namespace: plain(params.namespace),
    name: plain(params.name),
  }
}

/** One part of a path as Next hands it over, as the name it stands for. */
export function plain(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // a lone percent sign: taken as it is
    return part
  }
}
