/** One line of a tooltip. */
export interface TipRow {
  readonly name: string;
  readonly value: string;
  /** The line the others add up to. */
  readonly sum?: boolean;
}

/** The paper slip a chart shows over a point; built of nodes, so that no text is ever read as markup. */
export function tipElement(title: string, rows: readonly TipRow[]): HTMLElement {
  const tip = document.createElement("div");
  tip.className = "pop tip";
  const heading = document.createElement("h4");
  heading.textContent = title;
  const facts = document.createElement("dl");
  facts.className = "facts";
  for (const row of rows) {
    for (const [tag, text] of [["dt", row.name], ["dd", row.value]] as const) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      if (row.sum === true) cell.className = "sum";
      facts.append(cell);
    }
  }
  tip.append(heading, facts);
  return tip;
}

/** What every tooltip shares: our slip instead of the library's box. */
export const tipFrame = {
  trigger: "axis",
  confine: true,
  backgroundColor: "transparent",
  borderWidth: 0,
  padding: 0,
  extraCssText: "box-shadow:none",
  transitionDuration: 0,
} as const;

/** The index on the axis that a tooltip is about. */
export function tipIndex(params: unknown): number {
  const first: unknown = Array.isArray(params) ? params[0] : params;
  return typeof first === "object" && first !== null && "dataIndex" in first && typeof first.dataIndex === "number" ? first.dataIndex : -1;
}
