import type { Metadata } from 'next'
import { ObjectPage } from '@/components/config/object/ObjectPage'
import { configAddressOf } from '@/components/config/object/config-address'
import type { ConfigAddress } from '@/lib/api/paths'

interface Props {
  params: Promise<ConfigAddress>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: configAddressOf(await params).name }
}

export default async function Page({ params }: Props) {
  return <ObjectPage address={configAddressOf(await params)} />
}
