import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CheckPage } from '@/components/checks/CheckPage'
import { isRefusal } from '@/lib/server/errors'
import { getCheck } from '@/lib/server/use-cases/checks/get-checks'

interface Props {
  params: Promise<{ code: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).code }
}

export default async function Page({ params }: Props) {
  return <CheckPage check={checkOf((await params).code)} />
}

function checkOf(code: string) {
  try {
    return getCheck(code)
  } catch (error) {
    if (isRefusal(error)) notFound()
    throw error
  }
}
