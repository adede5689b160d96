import type { Query, QueryCache } from '@tanstack/react-query'

/**
 * What failed and was never answered stays said while it is asked again. The query library forgets the error then,
 * so that a page would change between its failure and its skeleton with every refresh.
 */
export function keepFailures(cache: QueryCache): void {
  const failures = new WeakMap<Query, Error>()
  cache.subscribe((event) => {
    if (event.type !== 'updated') return
    const { action } = event
    const query = event.query as Query
    if (action.type === 'error') failures.set(query, action.error as Error)
    else if (action.type === 'success') failures.delete(query)
    else if (action.type === 'fetch' && query.state.data === undefined) {
      const error = failures.get(query)
      if (error) query.setState({ status: 'error', error })
    }
  })
}
