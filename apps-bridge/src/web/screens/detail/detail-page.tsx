import { periodChoice, type DetailReport } from "@saldo/schema";
import { useState } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox, Skeleton } from "../../parts/state-box.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { navigate, useRoute, withQuery } from "../../state/route.tsx";
import { EmptyBooks } from "../import/empty-books.tsx";
import { PeriodPicker } from "../period-picker.tsx";
import { Toolbar } from "../toolbar.tsx";
import { AccountsTable } from "./accounts-table.tsx";
import { ProfitBridge } from "./bridge.tsx";
import { CashFlow } from "./cash-flow.tsx";
import { CategoryTable } from "./category-table.tsx";
import { againstOf, availableBases, type Base } from "./base.ts";
import { BasePicker } from "./base-picker.tsx";
import { Counterparties } from "./counterparties.tsx";
import { Currencies } from "./currencies.tsx";
import { DetailHead } from "./detail-head.tsx";
import { ExpenseMatrix } from "./matrix.tsx";
import { WhyChanged } from "./why.tsx";

/** Every number of a period and what it is made of. */
export function DetailPage() {
  const { query } = useRoute();
  const asked = periodChoice.safeParse(query.get("period"));
  const currency = query.get("currency");
  const { value, error, retry } = useWatch("detail.watch", {
    ...(asked.success ? { period: asked.data } : {}),
    ...(currency !== null && /^[A-Z]{3}$/.test(currency) ? { currency } : {}),
  });
  if (error !== undefined) {
    return (
      <>
        <Toolbar />
        <main className="sheet" id="main">
          <div className="cell">
            <ErrorBox error={error} onRetry={retry} />
          </div>
        </main>
      </>
    );
  }
  if (value === undefined) return <DetailSkeleton />;
  if (value.kind === "empty") return <EmptyBooks withSample />;
  return <Report report={value.report} months={value.months} into={value.workspaceCurrency} choice={asked.success ? asked.data : undefined} />;
}

interface ReportProps {
  readonly report: DetailReport;
  readonly months: { readonly first: string; readonly last: string };
  readonly choice: string | undefined;
  readonly into: string;
}

function Report({ report, months, choice, into }: ReportProps) {
  const { t, f } = useText();
  const route = useRoute();
  const [wanted, setWanted] = useState<Base>("previous");
  const bases = availableBases(report);
  const base = bases.includes(wanted) ? wanted : (bases[0] ?? "previous");
  const view = { report, base };
  return (
    <>
      <Toolbar>
        <PeriodPicker period={report.period} choice={choice} months={months} onChange={(period) => navigate(withQuery(route, { period }), "replace")} />
        {bases.length > 0 && <BasePicker base={base} bases={bases} onChange={setWanted} />}
        {report.period.partial && <span className="pill wait">{t("period.partial", { date: f.date(report.period.dataThrough ?? report.period.to, false) })}</span>}
      </Toolbar>
      <main className="sheet" id="main">
        <DetailHead report={report} against={againstOf(report, base, t, f)} base={base} />
        {report.bridge !== null && <ProfitBridge report={report} />}
        {report.bridge !== null && <WhyChanged report={report} choice={choice} />}
        <CategoryTable {...view} side="expenses" />
        <CategoryTable {...view} side="revenue" />
        <ExpenseMatrix report={report} />
        <div className="row g-even">
          <Counterparties {...view} side="customers" />
          <Counterparties {...view} side="suppliers" />
        </div>
        <CashFlow {...view} />
        <AccountsTable report={report} />
        <Currencies report={report} into={into} onCurrency={(currency) => navigate(withQuery(route, { currency }), "replace")} />
      </main>
    </>
  );
}

function DetailSkeleton() {
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main" aria-busy="true">
        <div className="page-head">
          <div>
            <Skeleton width={420} height={26} />
          </div>
        </div>
        <div className="row cell skeleton-cell">
          {[0, 1, 2, 3, 4, 5, 6, 7].map((line) => (
            <Skeleton key={line} width="100%" height={20} />
          ))}
        </div>
      </main>
    </>
  );
}
