'use client'

import { createContext, useContext } from 'react'

/** What the forms know of the service whose routing is edited. */
export interface ServiceFacts {
  cluster: string
  namespace: string
  name: string
  /** its full name in the mesh */
  host: string
  /** subsets that destination rules define for it; null: not read yet */
  subsets: readonly string[] | null
  ports: readonly number[]
  /** of all its versions; null: not known */
  readyPods: number | null
  /** over the page's window; null: not measured */
  p99Ms: number | null
  requestsPerSecond: number | null
}

const NOTHING: ServiceFacts = {
  cluster: '',
  namespace: '',
  name: '',
  host: '',
  subsets: null,
  ports: [],
  readyPods: null,
  p99Ms: null,
  requestsPerSecond: null,
}

export const ServiceFactsContext = createContext<ServiceFacts>(NOTHING)

export function useServiceFacts(): ServiceFacts {
  return useContext(ServiceFactsContext)
}
