/** The colours and type of charts, read from the roles of the page. */
export interface ChartTheme {
  color(role: string): string;
  readonly fontFamily: string;
  /** 0 under reduced motion. */
  readonly redrawMs: number;
  /** True on a phone. */
  readonly narrow: boolean;
}

/** Reads the roles of a theme as they stand on the page; a change of theme needs a new one. */
export function chartTheme(element: HTMLElement, _theme: string): ChartTheme {
  const style = getComputedStyle(element);
  return {
    color: (role) => style.getPropertyValue(`--${role}`).trim(),
    fontFamily: style.fontFamily,
    redrawMs: Number.parseFloat(style.getPropertyValue("--dur-3")) || 0,
    narrow: matchMedia("(max-width: 720px)").matches,
  };
}
