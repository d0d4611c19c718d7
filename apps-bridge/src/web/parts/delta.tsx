import { changeOf } from "../../format/change.ts";
import { useText } from "../i18n/preferences.tsx";

/** Whether growth of a figure is good for the owner. */
export type Better = "up" | "down";

/** Class of a difference: green when it is good for the owner, red when it is not. */
export function meaningOf(delta: number, better: Better): "pos" | "neg" | "quiet" {
  if (delta === 0) return "quiet";
  return delta > 0 === (better === "up") ? "pos" : "neg";
}

/** The arrow of a difference. */
export function arrowOf(delta: number): string {
  return delta > 0 ? "▲" : "▼";
}

/** How an amount has changed: arrow, signed amount and, where it is honest, the share or the times. */
export function MoneyDelta(props: {
  readonly value: number;
  readonly base: number | null;
  readonly currency: string;
  readonly better: Better;
  readonly short?: boolean;
}) {
  const { t, f } = useText();
  const change = changeOf(props.value, props.base);
  if (change.kind === "none") return null;
  if (change.kind === "same") return <span className="delta quiet">{t("delta.same")}</span>;
  const amount = props.short === true ? f.short(change.deltaMinor, props.currency, { sign: "change" }) : f.money(change.deltaMinor, props.currency, { sign: "change" });
  return (
    <span className={`delta ${meaningOf(change.deltaMinor, props.better)}`}>
      <i aria-hidden="true">{arrowOf(change.deltaMinor)}</i>
      {amount}
      {change.kind === "percent" && <span>({f.percent(change.ratio, 1, "change")})</span>}
      {change.kind === "times" && <span>({f.times(change.times)})</span>}
    </span>
  );
}
