/** A reading lamp over an open book. */
export function Logo({ size = 30 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden focusable="false">
      <rect width="32" height="32" rx="9" fill="#0e5a51" />
      <path d="M9.5 14.5a6.5 6.5 0 0 1 13 0z" fill="#f0b95c" />
      <path
        d="M16 22.2c-2.4-1.9-5.6-2.5-9.2-2.3v4.2c3.6-.2 6.8.4 9.2 2.3 2.4-1.9 5.6-2.5 9.2-2.3v-4.2c-3.6-.2-6.8.4-9.2 2.3z"
        fill="#f6f1e7"
      />
    </svg>
  );
}
