import type { Page } from '@playwright/test'

/** What exists only once Heddle runs. */
export interface Facts {
  /** a trace of some spans, and another of the same request */
  trace: string
  otherTrace: string
  /** id of a change of reviews' VirtualService */
  change: string
}

/** The embedded mesh behind a picture: its scenario, or one of a thousand services, or one that asks who comes. */
export type World = 'bad-canary' | 'healthy' | 'empty' | 'prometheus-down' | 'thousand' | 'token'

/** One page, tab or dialog, as it is shown to readers and to the tests that look at everything. */
export interface View {
  /** of its picture in docs/screenshots, without an extension */
  name: string
  title: string
  /** what it is good for, in a sentence */
  says: string
  path: string | ((facts: Facts) => string)
  /** what is done once the page is there */
  act?: (page: Page) => Promise<unknown>
  /** shown in dark too */
  isShownDark?: true
  /** absent: a bad canary */
  world?: World
}

export interface Section {
  title: string
  says: string
  views: readonly View[]
}

export function addressOf(view: View, facts: Facts): string {
  return typeof view.path === 'string' ? view.path : view.path(facts)
}
