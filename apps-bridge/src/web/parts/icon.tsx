/** Line drawings on a 16 × 16 grid. */
const paths = {
  down: <path d="M4 6l4 4 4-4" />,
  left: <path d="M10 4L6 8l4 4" />,
  right: <path d="M6 4l4 4-4 4" />,
  search: <path d="M11.25 7a4.25 4.25 0 1 1-8.5 0 4.25 4.25 0 0 1 8.5 0zM10.2 10.2L14 14" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="5.75" />
      <path d="M8 2.25v11.5A5.75 5.75 0 0 0 8 2.25z" fill="currentColor" />
    </>
  ),
  off: <path d="M4.6 6.1A3.3 3.3 0 0 0 5 12.5h6.2M7 4.1a4 4 0 0 1 4.9 3.3 2.7 2.7 0 0 1 1.9 4.3M2 2l12 12" />,
  cloud: <path d="M5 12.5a3.2 3.2 0 0 1-.3-6.4 4 4 0 0 1 7.6 1 2.8 2.8 0 0 1-.8 5.4z" />,
  check: <path d="M3.5 8.5l3 3 6-7" />,
  alert: <path d="M8 2.5l6 10.5H2zM8 6.5v3M8 11.4v.1" />,
  rise: <path d="M2.5 11.5l4-4 2.5 2.5 4.5-5M9.5 5h4v4" />,
  fall: <path d="M2.5 4.5l4 4L9 6l4.5 5M9.5 11h4V7" />,
  people: <path d="M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.4-2.6 2.4-4 5-4s4.6 1.4 5 4" />,
  file: <path d="M4 1.75h5l3.5 3.5v9H4zM9 2v3.5h3.5" />,
  home: <path d="M2.5 13.5h11M3.5 13.5v-6M8 13.5v-10M12.5 13.5v-8" />,
  list: <path d="M2.5 4h11M2.5 8h11M2.5 12h11" />,
  forecast: (
    <>
      <path d="M2 11l4-4 3 2" />
      <path d="M9 9l5-6" strokeDasharray="2 2" />
    </>
  ),
  detail: <path d="M2.5 13.5h11M3.5 13.5v-6M8 13.5v-10M12.5 13.5v-8" />,
  plus: <path d="M8 3v10M3 8h10" />,
  flag: <path d="M4 14V2.5M4 3h8l-2 2.75L12 8.5H4" />,
  bulb: <path d="M6 11.5c0-1.5-2-2.2-2-4.7a4 4 0 0 1 8 0c0 2.5-2 3.2-2 4.7zM6.5 13.75h3" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 3.5v-1h-8v8h1" />,
  clock: <path d="M8 13.75a5.75 5.75 0 1 0 0-11.5 5.75 5.75 0 0 0 0 11.5zM8 5v3.25l2.25 1.25" />,
  calendar: <path d="M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3" />,
  bank: <path d="M2.5 6L8 2.75 13.5 6zM4 6v5.5M8 6v5.5M12 6v5.5M2.5 13h11" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.5" />,
  close: <path d="M4 4l8 8M12 4l-8 8" />,
} as const;

/** Name of a drawing. */
export type IconName = keyof typeof paths;

/** A drawing beside a text that says the same. */
export function Icon({ name, small = false, className = "" }: { readonly name: IconName; readonly small?: boolean; readonly className?: string }) {
  return (
    <svg className={`ico${small ? " ico-s" : ""} ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      {paths[name]}
    </svg>
  );
}
