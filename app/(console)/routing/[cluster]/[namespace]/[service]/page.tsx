import type { Metadata } from 'next'
import { plain } from '@/components/details/item-ref'
import { RoutingPage } from '@/components/routing/RoutingPage'

interface Props {
  params: Promise<{ cluster: string; namespace: string; service: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Routing of ${plain((await params).service)}` }
}

export default async function Page({ params }: Props) {
  const { cluster, namespace, service } = await params
  return (
    <RoutingPage service={{ cluster: plain(cluster), namespace: plain(namespace), name: plain(service) }} />
  )
}
