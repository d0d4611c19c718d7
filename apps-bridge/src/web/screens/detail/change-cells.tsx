import type { DetailFigures } from "@saldo/schema";
import { changeOf } from "../../../format/change.ts";
import { useText } from "../../i18n/preferences.tsx";
import { meaningOf, type Better } from "../../parts/delta.tsx";
import { baseFigure, type Base } from "./base.ts";

interface ChangeProps {
  readonly figures: DetailFigures;
  readonly base: Base;
  readonly currency: string;
  readonly better: Better;
}

/** The change against the base as two cells: an amount, and a share or how many times. */
export function ChangeCells({ figures, base, currency, better }: ChangeProps) {
  const { t, f } = useText();
  const before = baseFigure(figures, base);
  const change = changeOf(figures.currentMinor, before);
  if (change.kind === "none") return (
    <>
      <td className="r" />
      <td className="x" />
    </>
  );
  if (change.kind === "same") return (
    <>
      <td className="r quiet">{t("delta.sameShort")}</td>
      <td className="x" />
    </>
  );
  const tone = meaningOf(change.deltaMinor, better);
  const share = change.kind === "percent" ? f.percent(change.ratio, 1, "change") : change.kind === "times" ? f.times(change.times) : before === 0 ? t("delta.new") : "";
  return (
    <>
      <td className={`r ${tone}`}>{f.money(change.deltaMinor, currency, { sign: "change", fraction: "whole", unit: false })}</td>
      <td className={`x ${tone}`}>{share}</td>
    </>
  );
}

/** The change as a bar to the right (more) or to the left (less) of the middle. */
export function ChangeBar({ deltaMinor, largestMinor, better }: { readonly deltaMinor: number; readonly largestMinor: number; readonly better: Better }) {
  const width = (Math.min(Math.abs(deltaMinor), largestMinor) / Math.max(1, largestMinor)) * 46;
  return (
    <svg width="96" height="14" viewBox="0 0 96 14" aria-hidden="true" className="change-bar">
      <line className="axis" x1="48" x2="48" y1="0" y2="14" />
      {deltaMinor !== 0 && <rect className={meaningOf(deltaMinor, better) === "pos" ? "b-pos" : "b-neg"} x={deltaMinor > 0 ? 48 : 48 - width} y="3" width={width} height="8" />}
    </svg>
  );
}
