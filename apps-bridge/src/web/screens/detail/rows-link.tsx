import type { DetailReport, ReportDays, RowsBehind } from "@saldo/schema";
import { useText } from "../../i18n/preferences.tsx";
import { Link } from "../../state/route.tsx";
import { detailHref } from "../../state/transaction-query.ts";

interface RowsLinkProps {
  readonly report: Pick<DetailReport, "currency">;
  readonly line: { readonly rows: RowsBehind };
  /** What the figure is of. */
  readonly name: string;
  readonly days: ReportDays;
  readonly amountMinor: number;
  /** True when the figure is the mean of several periods, whose rows do not add up to it. */
  readonly isMean?: boolean;
}

/** An amount that leads to its rows. Columns have the currency in their head, whole units and no sign of the currency. */
export function RowsLink({ report: { currency }, line, name, days, amountMinor, isMean = false, bare = false }: RowsLinkProps & { readonly bare?: boolean }) {
  const { f } = useText();
  const shown = f.money(amountMinor, currency, { fraction: "whole", unit: !bare });
  return (
    <Link href={detailHref({ rows: line.rows, days, currency, amountMinor: isMean ? undefined : amountMinor, name })} title={f.money(amountMinor, currency)}>
      {shown}
    </Link>
  );
}
