'use client'

import { Button, PasswordInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useState } from 'react'
import { Brand } from '@/components/layout/Brand'
import { Callout } from '@/components/ui/messages/Callout'
import { signIn } from '@/lib/api/session'
import classes from './SignIn.module.css'

/** Takes a Kubernetes bearer token; what one may see and do from then on is what the cluster allows it. */
export function SignInPage() {
  const [token, setToken] = useState('')
  const attempt = useMutation({
    mutationFn: () => signIn(token.trim()),
    networkMode: 'always',
    // a whole new page: nothing of another user's answers stays in memory
    onSuccess: () => window.location.assign(nextPath(window.location.search)),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (token.trim() !== '') attempt.mutate()
  }
  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={submit}>
        <div className={classes.brand}>
          <Brand />
          <h1 className={classes.title}>Sign in to Heddle</h1>
        </div>
        <PasswordInput
          label="Kubernetes bearer token"
          description="It stays in an encrypted cookie of this browser and is used for what you do here."
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          data-autofocus
        />
        {attempt.error ? <Callout kind="problem">{attempt.error.message}</Callout> : null}
        <Button type="submit" loading={attempt.isPending} disabled={token.trim() === ''}>
          Sign in
        </Button>
        <p className={classes.note}>
          A token comes from <code>kubectl create token NAME -n NAMESPACE</code>, or from your cluster’s own
          login.
        </p>
      </form>
    </main>
  )
}

/** Back to where one was sent from; only paths of this site. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/'
  return /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'
}
