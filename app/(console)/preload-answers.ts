import { headers } from 'next/headers'
import { preload } from 'react-dom'
import { parseView, type PageView } from '@/components/hooks/address/view-state'

/**
 * Has the browser ask for what a page shows first together with the page's scripts, not after them.
 * `of`: from the view in the address to the URLs the page will ask for, character by character the same; another one
 * would be asked for beside it, for nothing.
 */
export async function preloadAnswers(of: (view: PageView) => readonly string[]): Promise<void> {
  const request = await headers()
  // a step within Heddle has the scripts, and perhaps the answer
  if (!request.get('accept')?.includes('text/html')) return
  const { searchParams } = new URL(request.get('x-heddle-path') ?? '/', 'http://heddle')
  for (const url of of(parseView(searchParams))) preload(url, { as: 'fetch', crossOrigin: 'anonymous' })
}
