/**
 * The owner that a pod's name alone proves. Controllers build pod names from alphabets that leave out vowels
 * and look-alikes, so the generated parts can be told from the owner's own name.
 * Alphabet: k8s.io/apimachinery/pkg/util/rand (`String`, `SafeEncodeString`).
 */
export interface PodOwner {
  workload: string
  kind: 'Deployment' | 'StatefulSet' | 'CronJob'
}

/** Five letters that the API server appends to a `generateName`. */
const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]{5}'
/** A 32-bit number, its ten digits mapped onto ten letters; shorter than six happens once in 40,000. */
const TEMPLATE_HASH = '[456789bcdf]{6,10}'

const DEPLOYMENT = new RegExp(`^(.+)-${TEMPLATE_HASH}-${SUFFIX}$`)
/** minutes since 1970, eight digits since 1989 */
const CRON_JOB = new RegExp(`^(.+)-[0-9]{8}-${SUFFIX}$`)
const STATEFUL_SET = /^(.+)-(?:0|[1-9][0-9]{0,4})$/
/** the API server cuts a longer base before it appends, so the owner's name may be incomplete */
const LONGEST_BASE = 58

/**
 * Which workload a pod belongs to, judged by its name alone; undefined where the name leaves a doubt:
 * one suffix only (DaemonSet, Job and ReplicaSet look alike) or a base as long as the API server cuts it.
 */
export function findOwnerByPodName(podName: string): PodOwner | undefined {
  const deployment = DEPLOYMENT.exec(podName)?.[1]
  if (deployment !== undefined) {
    return podName.length - 5 >= LONGEST_BASE ? undefined : { workload: deployment, kind: 'Deployment' }
  }
  const cronJob = CRON_JOB.exec(podName)?.[1]
  if (cronJob !== undefined) return { workload: cronJob, kind: 'CronJob' }
  const statefulSet = STATEFUL_SET.exec(podName)?.[1]
  if (statefulSet !== undefined) return { workload: statefulSet, kind: 'StatefulSet' }
  return undefined
}

const ONE_SUFFIX = new RegExp(`-${SUFFIX}$`)

/** The likeliest owner of a pod that is gone: what its name proves, else the name without the one part that was added. */
export function likelyOwnerOfPod(podName: string): string {
  return findOwnerByPodName(podName)?.workload ?? podName.replace(ONE_SUFFIX, '')
}
