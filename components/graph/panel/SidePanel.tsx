'use client'
export default function SidePanel() {
  return <div style={{ padding: 16 }}>panel</div>
}
