import type { Metadata } from 'next'
import { ItemPage } from '@/components/details/ItemPage'
import { itemRefOf } from '@/components/details/item-ref'
import { apiPaths, type ItemRef } from '@/lib/api/paths'
import { preloadAnswers } from '@/app/(console)/preload-answers'

interface Props {
  params: Promise<ItemRef>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: itemRefOf(await params).name }
}

export default async function Page({ params }: Props) {
  const item = itemRefOf(await params)
  await preloadAnswers((view) => [apiPaths.item('workloads', item, view)])
  return <ItemPage kind="workloads" item={item} />
}
