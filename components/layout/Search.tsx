'use client'
export default function Search({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return isOpen ? <button onClick={onClose}>x</button> : null
}
