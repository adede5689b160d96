import { Button } from '@mantine/core'
import { CopyButton } from '@/components/ui/CopyButton'
import type { NamespacePath, PathStep } from '@/lib/api/schemas/config/mtls'
import type { ModeChoice } from '@/lib/istio/edit/peer-authentication'
import classes from './Mtls.module.css'
import { CHOICE_WORDS } from './words'

const STAGES: { stage: NamespacePath['stage']; name: string }[] = [
  { stage: 'outside', name: 'Not in the mesh' },
  { stage: 'sidecars', name: 'Proxies' },
  { stage: 'permissive', name: 'Permissive' },
  { stage: 'strict', name: 'Strict' },
  { stage: 'authorized', name: 'With authorization' },
]

/** Where a namespace stands on its way, the next step, and always the way back. */
export function PathView({ path, onMode }: { path: NamespacePath; onMode: (mode: ModeChoice) => void }) {
  const at = STAGES.findIndex(({ stage }) => stage === path.stage)
  return (
    <>
      <ol className={classes.steps} aria-label="Stages">
        {STAGES.map(({ stage, name }, index) => (
          <li
            key={stage}
            data-done={index <= at || undefined}
            aria-current={index === at ? 'step' : undefined}
          >
            {name}
          </li>
        ))}
      </ol>
      <p className={classes.reason}>{path.words}</p>
      {path.next ? <Step title="Next" step={path.next} onMode={onMode} /> : null}
      <Step title="Way back" step={path.back} onMode={onMode} />
    </>
  )
}

function Step({
  title,
  step,
  onMode,
}: {
  title: string
  step: PathStep
  onMode: (mode: ModeChoice) => void
}) {
  const { words, mode, commands } = step
  const text = commands.join('\n')
  return (
    <div className={classes.step} role="group" aria-label={title}>
      <h3>{title}</h3>
      <p>{words}</p>
      {commands.length > 0 ? (
        <div className={classes.commands}>
          <span>
            <CopyButton text={text} label={`Copy the commands: ${title}`} />
          </span>
          {text}
        </div>
      ) : null}
      {mode ? (
        <Button size="compact-xs" variant="default" mt={6} onClick={() => onMode(mode)}>
          Check {CHOICE_WORDS[mode].name === 'Inherit' ? 'inheriting' : mode}
        </Button>
      ) : null}
    </div>
  )
}
