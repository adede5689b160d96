import type { Metadata } from 'next'
import { ItemPage } from '@/components/details/ItemPage'
import { itemRefOf } from '@/components/details/item-ref'
import type { ItemRef } from '@/lib/api/paths'

interface Props {
  params: Promise<ItemRef>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: itemRefOf(await params).name }
}

export default async function Page({ params }: Props) {
  return <ItemPage kind="workloads" item={itemRefOf(await params)} />
}
