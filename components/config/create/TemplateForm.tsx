'use client'

import { Autocomplete, Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '@/lib/api/queries'
import { TEMPLATES, templateText } from '@/lib/istio/edit/templates'
import { ClusterChoice } from '../ClusterChoice'
import edit from '../edit/Edit.module.css'

/** A kind, a name and what it is for: enough for a first text. */
export function TemplateForm({
  cluster,
  onCluster,
  onText,
}: {
  /** where the objects will be; null: not known yet */
  cluster: string | null
  onCluster: (cluster: string) => void
  onText: (text: string) => void
}) {
  const [kind, setKind] = useState(TEMPLATES[0]?.id ?? '')
  const [name, setName] = useState('')
  const [namespace, setNamespace] = useState('')
  const [service, setService] = useState('')
  const isHere = (one: { cluster: string }) => cluster === null || one.cluster === cluster
  const namespaces = (useQuery(queries.namespaces()).data?.items ?? []).filter(isHere)
  const services = useQuery(
    queries.items('services', { namespaces: namespace === '' ? [] : [namespace] }),
  ).data
  const template = TEMPLATES.find(({ id }) => id === kind)
  const isComplete =
    name.trim() !== '' && namespace.trim() !== '' && (!template?.needsService || service !== '')
  return (
    <form
      className={edit.fields}
      onSubmit={(event) => {
        event.preventDefault()
        if (template && isComplete) {
          onText(
            templateText(template, {
              name: name.trim(),
              namespace: namespace.trim(),
              service: service.trim(),
            }),
          )
        }
      }}
    >
      <ClusterChoice label="Cluster" value={cluster} onChange={onCluster} />
      <Select
        size="xs"
        w={220}
        label="Kind"
        data={TEMPLATES.map(({ id, title }) => ({ value: id, label: title }))}
        value={kind}
        onChange={(value) => setKind(value ?? kind)}
        allowDeselect={false}
      />
      <Autocomplete
        size="xs"
        w={180}
        label="Namespace"
        limit={50}
        data={[...new Set(namespaces.map((one) => one.name))].sort()}
        value={namespace}
        onChange={setNamespace}
      />
      <TextInput
        size="xs"
        w={180}
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {template?.needsService ? (
        <Autocomplete
          size="xs"
          w={180}
          label="Service"
          limit={50}
          data={[...new Set((services?.items ?? []).filter(isHere).map((one) => one.name))].sort()}
          value={service}
          onChange={setService}
        />
      ) : null}
      <Button size="xs" variant="default" type="submit" disabled={!isComplete}>
        Add to the text
      </Button>
    </form>
  )
}
