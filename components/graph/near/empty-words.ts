import type { View } from '@/components/hooks/address/view-state'
import { formatWindow, parseWindow } from '@/lib/units/window'

/** Why a graph is empty. `isOld`: it is the last there was, and newer figures cannot be had. */
export function emptyWords(
  { window, at, idle }: Pick<View, 'window' | 'at' | 'idle'>,
  isOld: boolean,
): string {
  const asked = formatWindow(parseWindow(window) ?? 0)
  const reason = isOld
    ? `There was none when the mesh was last measured, over ${asked}. Whether there is now is not known`
    : `Nothing was measured over ${at === null ? `the last ${asked}` : `${asked} before the chosen instant`}. Either nothing was sent, or Prometheus does not scrape the proxies`
  return `${reason}.${idle ? '' : ' Workloads without traffic appear with “Idle nodes and edges” under Show.'}`
}
