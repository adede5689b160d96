'use client'
export default function GraphTable() {
  return <div>table</div>
}
