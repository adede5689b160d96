'use client'

/** Inside the frame: masthead and navigation stay while one page fails. */
export { PageFailure as default } from '@/components/ui/page-failure/PageFailure'
