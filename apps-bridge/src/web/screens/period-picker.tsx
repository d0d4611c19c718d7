import { addMonths, monthOf, monthRange, type ReportPeriod } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../i18n/preferences.tsx";
import { Icon } from "../parts/icon.tsx";
import { daysText } from "./days-text.ts";

/** Choices that follow the end of the rows. */
const moving = ["quarter", "ytd", "12m", "all"] as const;

/** Months that have rows, first and last. */
export interface Months {
  readonly first: string;
  readonly last: string;
}

interface PickerProps {
  /** The days shown. */
  readonly period: Pick<ReportPeriod, "kind" | "from" | "to">;
  /** As the address has it. */
  readonly choice: string | undefined;
  readonly months: Months;
  readonly onChange: (choice: string) => void;
}

/** A month, with the one before and after; a quarter, a year, or any days. */
export function PeriodPicker({ period, choice, months, onChange }: PickerProps) {
  const { t, f } = useText();
  const [isCustom, setIsCustom] = useState(false);
  const steps = neighbours(period, months);
  const value = period.kind === "month" ? monthOf(period.from) : moving.find((each) => each === choice) ?? "shown";
  const years = [...new Set(monthRange(months.first, months.last).map((month) => month.slice(0, 4)))].toReversed();
  const isYear = choice !== undefined && years.includes(choice);
  return (
    <>
      <div className="period" role="group" aria-label={t("period.label")}>
        <button type="button" aria-label={t("detail.before")} disabled={steps.before === undefined} onClick={() => steps.before !== undefined && onChange(steps.before)}>
          <Icon name="left" />
        </button>
        <span className="now">
          <select aria-label={t("detail.period")} value={isYear ? choice : value} onChange={(event) => (event.target.value === "custom" ? setIsCustom(true) : onChange(event.target.value))}>
            {value === "shown" && !isYear && <option value="shown">{daysText(period, f)}</option>}
            <optgroup label={t("detail.periods")}>
              {moving.map((each) => (
                <option key={each} value={each}>
                  {t(`detail.period.${each}`)}
                </option>
              ))}
              <option value="custom">{t("detail.period.custom")}</option>
            </optgroup>
            <optgroup label={t("detail.years")}>
              {years.map((year) => (
                <option key={year} value={year}>
                  {year}
                </option>
              ))}
            </optgroup>
            <optgroup label={t("detail.months")}>
              {monthRange(months.first, months.last)
                .toReversed()
                .map((month) => (
                  <option key={month} value={month}>
                    {f.month(month)}
                  </option>
                ))}
            </optgroup>
          </select>
          <Icon name="down" small />
        </span>
        <button type="button" aria-label={t("detail.after")} disabled={steps.after === undefined} onClick={() => steps.after !== undefined && onChange(steps.after)}>
          <Icon name="right" />
        </button>
      </div>
      {isCustom && <CustomDays from={period.from} to={period.to} onChange={onChange} onClose={() => setIsCustom(false)} />}
    </>
  );
}

/** The periods beside the one shown, as far as there are rows. */
export function neighbours({ kind, from }: Pick<ReportPeriod, "kind" | "from">, months: Months): { readonly before: string | undefined; readonly after: string | undefined } {
  const month = monthOf(from);
  const choiceAt = (first: string, count: number): string | undefined => {
    if (addMonths(first, count - 1) < months.first || first > months.last) return undefined;
    if (kind === "month") return first;
    return kind === "quarter" ? `${first.slice(0, 4)}-Q${Math.floor((Number(first.slice(5)) - 1) / 3) + 1}` : first.slice(0, 4);
  };
  const count = kind === "month" ? 1 : kind === "quarter" ? 3 : kind === "year" || kind === "year_to_date" ? 12 : 0;
  if (count === 0) return { before: undefined, after: undefined };
  return { before: choiceAt(addMonths(month, -count), count), after: kind === "year_to_date" ? undefined : choiceAt(addMonths(month, count), count) };
}

interface CustomProps {
  readonly from: string;
  readonly to: string;
  readonly onChange: (choice: string) => void;
  readonly onClose: () => void;
}

function CustomDays({ from, to, onChange, onClose }: CustomProps) {
  const { t } = useText();
  const [first, setFirst] = useState(from);
  const [last, setLast] = useState(to);
  return (
    <form
      className="custom-days"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(`${first}..${last}`);
        onClose();
      }}
    >
      <input type="date" required aria-label={t("detail.from")} value={first} max={last} onChange={(event) => setFirst(event.target.value)} />
      <span aria-hidden="true">–</span>
      <input type="date" required aria-label={t("detail.to")} value={last} min={first} onChange={(event) => setLast(event.target.value)} />
      <button type="submit" className="btn s">
        {t("detail.show")}
      </button>
    </form>
  );
}
