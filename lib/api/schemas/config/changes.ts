/** `/api/v1/config…` and `/api/v1/changes…`: objects of configuration, and every write to them as a change. */
import { z } from 'zod'
import { Finding } from './analyze'
import { Notice, WINDOW_NAMES } from '../common'
import { LIMITS, nameList } from '../parameters'

export const MOST_CHANGES = 50

const name = z.string().max(LIMITS.nameLength)

/** Where an object is. */
export const ObjectRef = z.strictObject({
  cluster: name.min(1).optional().describe('absent: the home cluster'),
  group: name.describe('empty for the core group, whose objects are shown and not changed'),
  version: name.min(1),
  kind: name.min(1),
  namespace: name.describe('empty for kinds without one'),
  name: name.min(1),
})
export type ObjectRef = z.infer<typeof ObjectRef>

export const KnownRef = ObjectRef.extend({ cluster: z.string() })
export type KnownRef = z.infer<typeof KnownRef>

const AnyObject = z.record(z.string(), z.unknown())

const pointer = z.string().max(4_000)
export const PatchOperation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['add', 'replace', 'test']), path: pointer, value: z.unknown() }),
  z.strictObject({ op: z.literal('remove'), path: pointer }),
  z.strictObject({ op: z.enum(['move', 'copy']), path: pointer, from: pointer }),
])

export const OPERATIONS = ['create', 'update', 'delete', 'patch'] as const
export const Operation = z.enum(OPERATIONS)
export type Operation = z.infer<typeof Operation>

export const ChangeItem = z.strictObject({
  op: Operation,
  ref: ObjectRef,
  object: AnyObject.optional().describe('create, update: the object as it shall be'),
  yaml: z.string().optional().describe('the same as YAML, in place of `object`'),
  patch: z.array(PatchOperation).min(1).max(1_000).optional().describe('patch: RFC 6902'),
  base: AnyObject.optional().describe('the object as it was when editing began; shown in a conflict'),
  resourceVersion: z
    .string()
    .max(100)
    .optional()
    .describe('state of the object that was edited; an update needs it here or in the object'),
})
export type ChangeItem = z.infer<typeof ChangeItem>

const ChangeId = z.string().regex(/^[a-z0-9-]{1,63}$/, 'must be the id of a change')
/** A name the caller gives its request: with it the change can be found when the answer was lost. */
const Token = z.string().regex(/^[A-Za-z0-9-]{8,64}$/, 'must be 8 to 64 letters, digits or dashes')

export const ChangeBody = z.strictObject({
  reason: z.string().max(1_000).optional(),
  token: Token.optional().describe('kept in the record: finds the change whose answer was lost'),
  reverts: ChangeId.optional().describe('id of the change this one takes back, for the history'),
  changes: z.array(ChangeItem).min(1).max(MOST_CHANGES),
})
export type ChangeBody = z.infer<typeof ChangeBody>

export const ObjectOwner = z.object({
  tool: z.enum(['Argo CD', 'Flux', 'Helm', 'Flagger', 'Argo Rollouts']),
  name: z.string().nullable(),
  evidence: z.string().describe('the label, annotation, reference or field manager that shows it'),
})
export type ObjectOwner = z.infer<typeof ObjectOwner>

export const DryRun = z.object({
  ok: z.boolean(),
  code: z.string().nullable().describe('forbidden, conflict, dry-run-rejected…; null when it is ok'),
  message: z.string().nullable().describe('what the API server said'),
  warnings: z.array(z.string()),
})
export type DryRun = z.infer<typeof DryRun>

export const ChangePreview = z.object({
  ref: KnownRef,
  op: Operation,
  diff: z.string().describe('unified diff of YAML without what the API server keeps; empty: nothing changes'),
  patch: z.array(PatchOperation).describe('the same as RFC 6902; empty for create and delete'),
  resourceVersion: z.string().nullable().describe('state the preview is about; null for an object to create'),
  before: AnyObject.nullable().describe('what people write of the object now; null: it does not exist'),
  after: AnyObject.nullable().describe('the same as it shall be; null: deleted'),
  dryRun: DryRun,
  owner: ObjectOwner.nullable().describe('the tool that will put the change back'),
  allowed: z.boolean().nullable().describe('by SelfSubjectAccessReview; null: the API server did not say'),
})
export type ChangePreview = z.infer<typeof ChangePreview>

export const Impact = z.object({
  at: z.number().nullable().describe('instant of the measurements'),
  windowSeconds: z.number().nullable(),
  requestsPerSecond: z.number().nullable().describe('now on what the change touches; null: not known'),
  bytesPerSecond: z.number().nullable().describe('TCP, both directions'),
  callers: z
    .array(z.object({ id: z.string(), requestsPerSecond: z.number(), bytesPerSecond: z.number() }))
    .nullable()
    .describe('who sends that traffic, most first, at most 50'),
  callersTotal: z.number().int().nullable().describe('callers there are; null: not known'),
  services: z.array(z.string()).describe('node ids of what the objects name'),
  workloads: z
    .array(z.string())
    .describe('node ids of what the objects select; services’ own are not repeated'),
  unread: z
    .array(z.string())
    .describe('kinds that may not be read and have a say in this: it may touch more than is known'),
})
export type Impact = z.infer<typeof Impact>

/** Whose rights are used: in anonymous mode those of Heddle itself, for everyone who reaches it. */
export const Rights = z.object({
  user: z.string().nullable().describe('as the API server names it; null: it does not say'),
  isShared: z.boolean().describe('true: Heddle’s own rights, whoever sits in front of the page'),
})
export type Rights = z.infer<typeof Rights>

export const PreviewAnswer = z.object({
  changes: z.array(ChangePreview).describe('in the order in which they would be applied'),
  findings: z
    .object({ added: z.array(Finding), resolved: z.array(Finding) })
    .nullable()
    .describe('null: the cluster has not been read yet'),
  impact: Impact,
  rights: Rights,
  requiresReason: z.boolean().describe('apply refuses a change without one'),
  isReadOnly: z.boolean().describe('apply refuses every change'),
  notices: z.array(Notice),
})
export type PreviewAnswer = z.infer<typeof PreviewAnswer>

export const ChangeProblem = z.object({ code: z.string(), message: z.string() })
export type ChangeProblem = z.infer<typeof ChangeProblem>

export const STATUSES = ['pending', 'applied', 'failed', 'unknown'] as const
export const ChangeStatus = z
  .enum(STATUSES)
  .describe(
    'pending: under way, or ended before it could be told; unknown: the object is neither as before nor as after',
  )
export type ChangeStatus = z.infer<typeof ChangeStatus>

export const AppliedObject = z.object({
  ref: KnownRef,
  status: z.enum(['applied', 'failed', 'skipped', 'pending', 'unknown']),
  resourceVersion: z.string().nullable(),
  error: ChangeProblem.nullable(),
})
export type AppliedObject = z.infer<typeof AppliedObject>

export const ApplyAnswer = z.object({
  id: z.string().describe('of the change, for its history and its revert'),
  status: ChangeStatus,
  changes: z.array(AppliedObject).describe('in the order in which they were applied'),
})
export type ApplyAnswer = z.infer<typeof ApplyAnswer>

/** With status 409, beside `error`: the three versions of the object somebody else changed meanwhile. */
export const ConflictVersions = z.object({
  ref: KnownRef,
  base: AnyObject.nullable().describe('what the edit began with; null when it is not known any more'),
  theirs: AnyObject.nullable().describe('the object now; null: deleted'),
  mine: AnyObject.nullable().describe('what was asked for; null: to delete it'),
})
export type ConflictVersions = z.infer<typeof ConflictVersions>

const ChangeObject = z.object({
  ref: KnownRef,
  op: Operation,
  status: z.enum(['applied', 'failed', 'skipped', 'pending', 'unknown']),
  resourceVersion: z.string().nullable(),
  error: ChangeProblem.nullable(),
  diff: z.string(),
})

export const ChangeSummary = z.object({
  id: z.string(),
  at: z.number(),
  author: z
    .string()
    .nullable()
    .describe(
      'the user of the Kubernetes API whose rights were used; for changes made elsewhere the field manager',
    ),
  knownBy: z
    .enum(['record', 'watch', 'fields'])
    .describe(
      'record: made through Heddle; watch: seen happen; fields: from before Heddle watched, by the time in managedFields alone',
    ),
  reason: z.string().nullable(),
  token: z.string().nullable(),
  status: ChangeStatus,
  reverts: z.string().nullable().describe('id of the change this one takes back'),
  objects: z.array(ChangeObject),
})
export type ChangeSummary = z.infer<typeof ChangeSummary>

/** One change with what it takes to take it back. */
export const ChangeDetail = ChangeSummary.extend({
  objects: z.array(
    ChangeObject.extend({
      before: AnyObject.nullable().describe('what people write of the object; null: it did not exist'),
      after: AnyObject.nullable().describe('null: it was deleted'),
    }),
  ),
})
export type ChangeDetail = z.infer<typeof ChangeDetail>

export const ChangeList = z.object({
  items: z.array(ChangeSummary).describe('newest first'),
  notices: z.array(Notice),
})
export type ChangeList = z.infer<typeof ChangeList>

export const MeasuredTraffic = z.object({
  at: z.number().describe('end of the window'),
  requestsPerSecond: z.number(),
  errorRatio: z.number().nullable().describe('null: no requests'),
  p99Ms: z.number().nullable().describe('null: not measured'),
})
export type MeasuredTraffic = z.infer<typeof MeasuredTraffic>

/** What the traffic a change touches did before and after it. */
export const ChangeEffect = z.object({
  window: z.enum(WINDOW_NAMES),
  before: MeasuredTraffic.nullable().describe('null: not measured'),
  after: MeasuredTraffic.nullable().describe('null: not measured, or not yet'),
  afterKnownAt: z.number().describe('when the window after the change is over and scraped'),
  touchesTraffic: z.boolean().describe('false: the objects name and select nothing that is known'),
  unread: z
    .array(z.string())
    .describe('kinds that may not be read and have a say in this: it may touch more than is measured'),
  notices: z.array(Notice),
})
export type ChangeEffect = z.infer<typeof ChangeEffect>

export const EFFECT_WINDOWS = ['1m', '2m', '5m', '10m', '30m', '1h'] as const
export const ChangeEffectQuery = z.strictObject({ window: z.enum(EFFECT_WINDOWS).default('5m') })
export type ChangeEffectQuery = z.output<typeof ChangeEffectQuery>

export const ConfigListItem = z.object({
  id: z.string().describe('{cluster}/{namespace}/{group}/{kind}/{name}'),
  ref: KnownRef,
  resourceVersion: z.string().nullable(),
  createdAt: z.number().nullable(),
  labels: z.record(z.string(), z.string()),
  owner: ObjectOwner.nullable(),
})
export type ConfigListItem = z.infer<typeof ConfigListItem>

export const ConfigList = z.object({
  items: z.array(ConfigListItem).describe('sorted by id'),
  notices: z.array(Notice),
})
export type ConfigList = z.infer<typeof ConfigList>

export const ConfigDetail = z.object({
  ref: KnownRef,
  object: AnyObject.describe('as the API server holds it, every field kept'),
  owner: ObjectOwner.nullable(),
})
export type ConfigDetail = z.infer<typeof ConfigDetail>

export const ConfigListQuery = z.strictObject({
  namespaces: nameList('namespaces'),
  clusters: nameList('clusters'),
  kinds: nameList('kinds, such as VirtualService or Gateway.gateway.networking.k8s.io'),
})
export type ConfigListQuery = z.output<typeof ConfigListQuery>

export const ConfigPath = z.strictObject({
  group: name.min(1).describe('`-` for the core group'),
  version: name.min(1),
  resource: name.min(1).describe('plural: virtualservices'),
  namespace: name.min(1).describe('`-` for kinds without one'),
  name: name.min(1),
})
export type ConfigPath = z.output<typeof ConfigPath>

export const ConfigQuery = z.strictObject({ cluster: name.min(1).optional() })
export type ConfigQuery = z.output<typeof ConfigQuery>

export const ConfigWriteQuery = z.strictObject({
  cluster: name.min(1).optional(),
  reason: z.string().max(1_000).optional(),
  resourceVersion: z.string().max(100).optional(),
})
export type ConfigWriteQuery = z.output<typeof ConfigWriteQuery>

export const ChangesQuery = z.strictObject({
  cluster: name.min(1).optional(),
  namespace: name.min(1).optional(),
  kind: name.min(1).optional(),
  name: name.min(1).optional(),
  token: Token.optional(),
  author: name.min(1).optional(),
  status: ChangeStatus.optional(),
  node: z.string().max(1_000).optional().describe('changes that touch the traffic of this node'),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
})
export type ChangesQuery = z.output<typeof ChangesQuery>

export const ChangePath = z.strictObject({
  id: ChangeId,
})

export const RevertBody = z.strictObject({
  reason: z.string().max(1_000).optional(),
  token: Token.optional(),
})

/** What PUT and POST of one object take. */
export const KubernetesBody = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), resourceVersion: z.string().optional() }),
})
export type RevertBody = z.infer<typeof RevertBody>
