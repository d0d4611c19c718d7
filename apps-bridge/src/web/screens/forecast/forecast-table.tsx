import type { ForecastMonth } from "../../charts/forecast-option.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Link } from "../../state/route.tsx";

interface TableProps {
  readonly months: readonly ForecastMonth[];
  readonly currency: string;
  /** The address of the rows behind what happened in a month; undefined where no rows are. */
  readonly hrefOf: (month: string, actualMinor: number) => string | undefined;
}

/** The months of a forecast chart as rows: the same figures in the same order. */
export function ForecastTable({ months, currency, hrefOf }: TableProps) {
  const { t, f } = useText();
  const sign = f.sign(currency);
  const cell = (amount: number): string => f.money(amount, currency, { unit: false, fraction: "whole" });
  const linked = (month: string, amount: number) => {
    const href = hrefOf(month, amount);
    return href === undefined ? cell(amount) : <Link href={href}>{cell(amount)}</Link>;
  };
  return (
    <div className="scroll-x table-twin" tabIndex={0} role="region" aria-label={t("forecast.tableLabel", { sign })}>
      <table className="tbl" data-density="dense">
        <thead>
          <tr>
            <th className="l">{t("table.month")}</th>
            <th>{t("forecast.actualIn", { sign })}</th>
            <th>{t("forecast.expectedIn", { sign })}</th>
            <th>{t("forecast.range80")}</th>
            <th>{t("forecast.range95")}</th>
          </tr>
        </thead>
        <tbody>
          {months.map(({ month, actual, expected }) => (
            <tr key={month}>
              <td className="l">{f.month(month)}</td>
              <td>{actual === undefined ? "" : linked(month, actual)}</td>
              <td>{expected === undefined ? "" : cell(expected.mean)}</td>
              <td className="quiet">{expected === undefined ? "" : `${cell(expected.lo80)} – ${cell(expected.hi80)}`}</td>
              <td className="quiet">{expected === undefined ? "" : `${cell(expected.lo95)} – ${cell(expected.hi95)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
