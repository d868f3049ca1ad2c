/** The bridge: one deck, one arch, three hangers. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="#0f6b62" />
      <path
        d="M4 22h24M6 22c0-16 20-16 20 0M11 22v-9.3M16 22V10M21 22v-9.3"
        fill="none"
        stroke="#fff"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </svg>
  );
}
