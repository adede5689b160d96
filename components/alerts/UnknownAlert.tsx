import { IconMapSearch } from '@tabler/icons-react'
import card from '@/components/ui/Card.module.css'
import plain from '@/components/ui/Plain.module.css'
import { nearNames } from '@/lib/mesh/names/near-names'

/** An address opens an alert or rule that is not there: it may be over, and others are named alike. */
export function UnknownAlert({
  id,
  names,
  onName,
}: {
  id: string
  names: readonly string[]
  onName: (name: string) => void
}) {
  const nowhere = { cluster: '', namespace: '' }
  // ids of alerts and rules hold their names among other parts
  const parts = id.split(/[^A-Za-z0-9_:.-]+/).filter((part) => part.length > 2)
  const near = [
    ...new Set(
      parts.flatMap((name) =>
        nearNames(
          { ...nowhere, name },
          names.map((each) => ({ ...nowhere, name: each })),
        ).map((one) => one.name),
      ),
    ),
  ].slice(0, 5)
  return (
    <p className={card.calm} role="status" data-unknown>
      <IconMapSearch size={18} aria-hidden />
      <span>
        The alert this address opens is over, or there never was one of its name.
        {near.length > 0 ? ' Named alike: ' : ''}
        {near.map((name, index) => (
          <span key={name}>
            {index > 0 ? ', ' : ''}
            <button type="button" className={plain.linkish} onClick={() => onName(name)}>
              {name}
            </button>
          </span>
        ))}
      </span>
    </p>
  )
}
