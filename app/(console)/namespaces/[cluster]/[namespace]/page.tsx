import type { Metadata } from 'next'
import { plain } from '@/components/details/item-ref'
import { NamespacePage } from '@/components/namespaces/NamespacePage'

interface Props {
  params: Promise<{ cluster: string; namespace: string }>
}

/** Next hands over parameters as the address writes them. */
async function placeOf(params: Props['params']) {
  const { cluster, namespace } = await params
  return { cluster: plain(cluster), name: plain(namespace) }
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await placeOf(params)).name }
}

export default async function Page({ params }: Props) {
  return <NamespacePage place={await placeOf(params)} />
}
