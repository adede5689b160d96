'use client'

import { contentYaml } from '@/lib/changes/content'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { Section } from '@/components/ui/Section'
import classes from '../Config.module.css'

/** What people write of an object, as YAML. */
export default function ObjectText({ object }: { object: ConfigObject }) {
  return (
    <Section title="YAML">
      <pre className={classes.code} tabIndex={0} aria-label="YAML">
        {contentYaml(object)}
      </pre>
    </Section>
  )
}
