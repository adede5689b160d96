/** Warp threads, one of them lifted by the heddle. */
export function Brand() {
  return (
    <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden>
      <rect width="26" height="26" rx="7" fill="var(--hd-accent)" />
      <path
        d="M5 8.5h5.2c2.6 0 3 9 5.6 9H21M5 17.5h5.2c2.6 0 3-9 5.6-9H21"
        stroke="var(--hd-surface)"
        strokeWidth="2.1"
        strokeLinecap="round"
      />
      <circle cx="13" cy="13" r="2.6" fill="var(--hd-surface)" />
    </svg>
  )
}
