'use client'

import { Kbd, Modal, Switch } from '@mantine/core'
import { CANVAS_KEYS } from '@/components/graph/canvas/canvas-keys'
import { useTaste } from '@/components/hooks/use-taste'
import { useFocusBack } from '@/components/hooks/use-focus-back'
import { usePanel } from '@/components/layout/panels'
import { keyWord } from './key-words'
import classes from './KeysHelp.module.css'
import { LINE_KEYS, SPAN_KEYS, TABLE_KEYS } from './row-keys'
import { GO_TO, SHORTCUTS, SINGLE_KEYS } from './shortcuts'

interface Told {
  /** `all`: one after the other; `any`: one of them */
  keys: readonly string[]
  words: string
  isSequence?: boolean
}

const GROUPS: readonly { title: string; rows: readonly Told[] }[] = [
  { title: 'On every page', rows: SHORTCUTS },
  { title: 'Go to', rows: GO_TO.map((row) => ({ ...row, isSequence: true })) },
  { title: 'In the graph', rows: CANVAS_KEYS },
  { title: 'In tables', rows: TABLE_KEYS },
  { title: 'In logs', rows: LINE_KEYS },
  { title: 'In traces', rows: SPAN_KEYS },
]

/** The keys that work, from the tables that bind them. */
export default function KeysHelp() {
  const [isOpen, setOpen] = usePanel('keys')
  useFocusBack(isOpen)
  const [hasSingleKeys, setSingleKeys] = useTaste(SINGLE_KEYS, true)
  return (
    <Modal
      opened={isOpen}
      onClose={() => setOpen(false)}
      title="Keys"
      size={760}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
      classNames={{ title: classes.title, body: classes.body }}
      transitionProps={{ duration: 120 }}
    >
      <Switch
        size="xs"
        label="Keys without Ctrl work on every page"
        checked={hasSingleKeys}
        onChange={(event) => setSingleKeys(event.currentTarget.checked)}
      />
      <div className={classes.groups}>
        {GROUPS.map(({ title, rows }) => (
          <section key={title} className={classes.group} aria-label={title}>
            <h3 className={classes.heading}>{title}</h3>
            <dl className={classes.rows}>
              {rows.map((row) => (
                <div key={row.words} className={classes.row}>
                  <dt>{row.words}</dt>
                  <dd>
                    {row.keys.map((key, place) => (
                      <span key={key + String(place)}>
                        {place > 0 ? (row.isSequence ? ' then ' : ' ') : null}
                        <Kbd size="xs">{keyWord(key)}</Kbd>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
