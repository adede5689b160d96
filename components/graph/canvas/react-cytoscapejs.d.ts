declare module 'react-cytoscapejs' {
  import type { Core, CytoscapeOptions, ElementDefinition, StylesheetJson } from 'cytoscape'
  import type { ComponentType, CSSProperties } from 'react'

  export interface CytoscapeComponentProps extends Pick<
    CytoscapeOptions,
    'minZoom' | 'maxZoom' | 'wheelSensitivity' | 'boxSelectionEnabled' | 'autoungrabify'
  > {
    elements: ElementDefinition[]
    stylesheet?: StylesheetJson
    cy?: (cy: Core) => void
    className?: string
    style?: CSSProperties
  }
  const CytoscapeComponent: ComponentType<CytoscapeComponentProps>
  export default CytoscapeComponent
}
