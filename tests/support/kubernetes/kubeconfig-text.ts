/** A kubeconfig of one cluster at this address, read as this user (YAML of a kubeconfig's `user`). */
export function kubeconfigText(address: string, user = '{}'): string {
  return `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "${address}" } }]
users: [{ name: u, user: ${user} }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`
}
