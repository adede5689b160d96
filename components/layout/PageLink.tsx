'use client'

import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import type { ComponentProps } from 'react'
import { carried } from '@/components/hooks/address/carried'

/** A link to a page of Heddle that keeps the time one looks at. */
export function PageLink({ href, ...rest }: Omit<ComponentProps<typeof Link>, 'href'> & { href: string }) {
  const params = useSearchParams()
  return <Link href={carried(href, params)} {...rest} />
}
