/** Labels of one row of `istio_requests_total` by HTTP, as the caller reports it. */
export const REQUEST_LABELS = {
  reporter: 'source',
  source_cluster: 'east',
  source_workload_namespace: 'shop',
  source_workload: 'frontend-v1',
  source_canonical_service: 'frontend',
  source_canonical_revision: 'v1',
  destination_cluster: 'east',
  destination_service: 'cart.shop.svc.cluster.local',
  destination_service_name: 'cart',
  destination_service_namespace: 'shop',
  destination_workload_namespace: 'shop',
  destination_workload: 'cart-v1',
  destination_canonical_service: 'cart',
  destination_canonical_revision: 'v1',
  request_protocol: 'http',
}
