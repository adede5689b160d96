/** The versions a destination rule tells apart. https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset */
import { listAt, textAt, textMapAt } from '../form'

/** Form of a whole destination rule. */
export const subsetsForm = {
  host: textAt('spec', 'host'),
  subsets: listAt(['spec', 'subsets'], { name: textAt('name'), labels: textMapAt('labels') }),
}
