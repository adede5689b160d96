'use client'

import { useCallback } from 'react'
import { useAddressState } from '@/components/hooks/address/use-address-state'
import type { ListState } from './list-state'
import { parseListState, withListState } from './list-state'

/** Filters and order of a list, kept in the address. */
export function useListState(columns: readonly string[]): [ListState, (patch: Partial<ListState>) => void] {
  const parse = useCallback((params: URLSearchParams) => parseListState(params, columns), [columns])
  return useAddressState(parse, withListState)
}
