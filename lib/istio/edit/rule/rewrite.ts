/**
 * What a rule makes of a request: another path or host, or an answer that sends the client elsewhere.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRedirect,
 * https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter
 */
import { asFields, asList, getAt, isFields, setAt, type Fields } from '../fields'
import {
  numberAt,
  readForm,
  sectionAt,
  textAt,
  writeForm,
  type Binding,
  type Bindings,
  type FormOf,
} from '../form'

/** Form of a virtual service's rule. */
export const rewriteForm = {
  rewrite: sectionAt(['rewrite'], {
    uri: textAt('uri'),
    authority: textAt('authority'),
    match: textAt('uriRegexRewrite', 'match'),
    replacement: textAt('uriRegexRewrite', 'rewrite'),
  }),
  redirect: sectionAt(['redirect'], {
    scheme: textAt('scheme'),
    authority: textAt('authority'),
    port: numberAt('port'),
    uri: textAt('uri'),
    redirectCode: numberAt('redirectCode'),
  }),
}
export type RewriteForm = FormOf<typeof rewriteForm>
export const NEW_REWRITE: NonNullable<RewriteForm['rewrite']> = {
  uri: '/',
  authority: '',
  match: '',
  replacement: '',
}
export const NEW_REDIRECT: NonNullable<RewriteForm['redirect']> = {
  scheme: 'https',
  authority: '',
  port: null,
  uri: '',
  redirectCode: 301,
}

/** A filter of one type among the others of a route's rule; null: there is none. */
function filterAt<B extends Bindings>(type: string, key: string, bindings: B): Binding<FormOf<B> | null> {
  const place = (rule: Fields) => asList(rule.filters).findIndex((filter) => asFields(filter).type === type)
  return {
    path: ['filters'],
    read: (rule) => {
      const at = place(rule)
      return at < 0 ? null : readForm(bindings, getAt(rule, ['filters', at, key]))
    },
    write: (rule, value) => {
      const at = place(rule)
      const filters = asList(rule.filters)
      if (value === null) {
        const others = filters.filter((_, index) => index !== at)
        return setAt(rule, ['filters'], others.length === 0 ? undefined : others)
      }
      if (at < 0)
        return setAt(rule, ['filters'], [...filters, { type, [key]: writeForm(bindings, {}, value) }])
      const written = writeForm(bindings, getAt(rule, ['filters', at, key]), value)
      return setAt(rule, ['filters', at, key], written)
    },
  }
}

/** A path modifier: `ReplaceFullPath` and `ReplacePrefixMatch` exclude each other. */
function pathModifier(): Binding<{ type: PathModifier; value: string } | null> {
  return {
    path: ['path'],
    read: (filter) => {
      if (!isFields(filter.path)) return null
      const { type, replaceFullPath, replacePrefixMatch } = filter.path
      const value = type === 'ReplaceFullPath' ? replaceFullPath : replacePrefixMatch
      return {
        type: type === 'ReplaceFullPath' ? 'ReplaceFullPath' : 'ReplacePrefixMatch',
        value: typeof value === 'string' ? value : '',
      }
    },
    write: (filter, value) => {
      if (value === null) return setAt(filter, ['path'], undefined)
      const { replaceFullPath: _full, replacePrefixMatch: _prefix, ...others } = asFields(filter.path)
      const key = value.type === 'ReplaceFullPath' ? 'replaceFullPath' : 'replacePrefixMatch'
      return setAt(filter, ['path'], { ...others, type: value.type, [key]: value.value })
    },
  }
}
export type PathModifier = 'ReplaceFullPath' | 'ReplacePrefixMatch'

/** Form of an HTTPRoute's rule. */
export const routeRewriteForm = {
  rewrite: filterAt('URLRewrite', 'urlRewrite', { hostname: textAt('hostname'), path: pathModifier() }),
  redirect: filterAt('RequestRedirect', 'requestRedirect', {
    scheme: textAt('scheme'),
    hostname: textAt('hostname'),
    port: numberAt('port'),
    path: pathModifier(),
    statusCode: numberAt('statusCode'),
  }),
}

export const NEW_ROUTE_REWRITE: NonNullable<FormOf<typeof routeRewriteForm>['rewrite']> = {
  hostname: '',
  path: { type: 'ReplacePrefixMatch', value: '/' },
}

/** A rule that redirects sends nothing on: what excludes a redirect goes, so that the rule stays valid. */
export function asRedirect(rule: Fields, redirect: NonNullable<RewriteForm['redirect']>): Fields {
  const gone = ['route', 'fault', 'rewrite', 'directResponse']
  const bare = gone.reduce<Fields>((fields, name) => setAt(fields, [name], undefined), rule)
  return writeForm(rewriteForm, bare, { ...readForm(rewriteForm, bare), redirect })
}

/** A rule that sends requests to a host again, in place of its redirect. */
export function asRoute(rule: Fields, host: string): Fields {
  const bare = setAt(rule, ['redirect'], undefined)
  return asList(bare.route).length > 0 ? bare : setAt(bare, ['route'], [{ destination: { host } }])
}
