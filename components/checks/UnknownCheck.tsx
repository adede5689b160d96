'use client'

import { IconMapSearch } from '@tabler/icons-react'
import { usePathname } from 'next/navigation'
import { plain as plainName } from '@/components/details/item-ref'
import { PageLink as Link } from '@/components/layout/PageLink'
import { Message } from '@/components/ui/messages/Message'
import { Page } from '@/components/ui/Page'
import plain from '@/components/ui/Plain.module.css'
import { pagePaths } from '@/lib/api/paths'
import { nearNames } from '@/lib/mesh/names/near-names'

const NOWHERE = { cluster: '', namespace: '' }

/** There is no such code: says so, and which may have been meant. */
export function UnknownCheck({ known }: { known: readonly { code: string; title: string }[] }) {
  const code = plainName(usePathname().split('/').at(-1) ?? '')
  const near = nearNames(
    { ...NOWHERE, name: code },
    known.map((check) => ({ ...NOWHERE, name: check.code, title: check.title })),
  )
  return (
    <Page title={code} above={<Link href={pagePaths.checks()}>All checks</Link>}>
      <Message icon={<IconMapSearch size={24} />} title={`No check has the code ${code}`}>
        {near.length > 0 ? (
          <>
            <p style={{ margin: '0 0 4px' }}>Did you mean</p>
            <ul className={plain.list}>
              {near.map(({ name, title }) => (
                <li key={name}>
                  <Link href={pagePaths.check(name)} prefetch={false} className={plain.linkish}>
                    {name}
                  </Link>{' '}
                  <span className={plain.quiet}>{title}</span>
                </li>
              ))}
            </ul>
          </>
        ) : (
          'None is named alike either.'
        )}
      </Message>
    </Page>
  )
}
