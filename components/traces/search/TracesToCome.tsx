import { Skeleton } from '@mantine/core'

/** What is found while it, or its own code, is on its way; `className`: of the list in its place. */
export function TracesToCome({ className }: { className: string | undefined }) {
  return (
    <div className={className} role="status" aria-label="Loading" aria-busy>
      {Array.from({ length: 10 }, (_, row) => (
        <Skeleton key={row} height={10} mt={12} mb={21} width={`${92 - (row % 4) * 7}%`} radius="sm" />
      ))}
    </div>
  )
}
