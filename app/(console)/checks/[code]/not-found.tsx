import { UnknownCheck } from '@/components/checks/UnknownCheck'
import { listChecks } from '@/lib/server/use-cases/checks/get-checks'

/** A code no check has. Next gives no parameters here: the page reads its own address. */
export default function NotFound() {
  return <UnknownCheck known={listChecks().map(({ code, title }) => ({ code, title }))} />
}
