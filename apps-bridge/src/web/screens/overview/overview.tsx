import { periodChoice, type DashboardReport } from "@saldo/schema";
import { useEffect } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorBox } from "../../parts/state-box.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { Link, navigate, useRoute, withQuery } from "../../state/route.tsx";
import { detailHref } from "../../state/transaction-query.ts";
import { EmptyBooks } from "../import/empty-books.tsx";
import { isTyping } from "../shell.tsx";
import { daysText } from "../days-text.ts";
import { neighbours, PeriodPicker, type Months } from "../period-picker.tsx";
import { Toolbar } from "../toolbar.tsx";
import { CategoryBars } from "./category-bars.tsx";
import { Hero } from "./hero.tsx";
import { KpiCards } from "./kpi-cards.tsx";
import { MonthTable } from "./month-table.tsx";
import { NetOutlook } from "./net-outlook.tsx";
import { Notes } from "./notes.tsx";
import { OverviewSkeleton } from "./overview-skeleton.tsx";
import { RevenueSection } from "./revenue-section.tsx";
import { Risks } from "./risks.tsx";

/** The first screen: cash and runway, the month's figures, where it goes, what is at risk. */
export function Overview() {
  const route = useRoute();
  const asked = periodChoice.safeParse(route.query.get("period"));
  const { value, error, retry } = useWatch("dashboard.watch", asked.success ? { period: asked.data } : {});
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
  if (value === undefined) return <OverviewSkeleton />;
  if (value.kind === "empty") return <EmptyBooks withSample />;
  return <Report report={value.report} months={value.months} choice={asked.success ? asked.data : undefined} />;
}

function Report({ report, months, choice }: { readonly report: DashboardReport; readonly months: Months; readonly choice: string | undefined }) {
  const { t, f } = useText();
  const route = useRoute();
  const goTo = (period: string): void => navigate(withQuery(route, { period }), "replace");
  useArrowsTurnPeriods(report, months, goTo);
  return (
    <>
      <Toolbar>
        <PeriodPicker period={report.period} choice={choice} months={months} onChange={goTo} />
        {report.period.partial && <span className="pill wait">{t("period.partial", { date: f.date(report.period.dataThrough ?? report.period.to, false) })}</span>}
      </Toolbar>
      <main className="sheet" id="main">
        <h1 className="sr">{t("overview.title", { month: daysText(report.period, f) })}</h1>
        <div className="row g-hero">
          <Hero report={report} />
          <NetOutlook report={report} />
        </div>
        <div className="row g-main">
          <div className="stack-fill">
            <KpiCards report={report} />
            <div className="row g-two">
              <RevenueSection report={report} />
              <CategoryBars report={report} />
            </div>
          </div>
          <Risks report={report} />
        </div>
        <MonthTable report={report} />
        <OtherCurrencies report={report} />
        <Notes />
      </main>
    </>
  );
}

function OtherCurrencies({ report }: { readonly report: DashboardReport }) {
  const { t, f } = useText();
  if (report.otherCurrencies.length === 0) return null;
  return (
    <div className="row cell say">
      {report.otherCurrencies.map((other) => (
        <p key={other.currency}>
          <Link href={detailHref({ rows: { measure: "net", transfers: "without" }, days: other, currency: other.currency, amountMinor: other.revenueMinor - other.expensesMinor, name: other.currency })}>
            {t("overview.otherCurrency", {
              currency: other.currency,
              count: other.transactionCount,
              revenue: f.money(other.revenueMinor, other.currency),
              expenses: f.money(other.expensesMinor, other.currency),
            })}
          </Link>
        </p>
      ))}
    </div>
  );
}

/** ← and → outside of fields turn the periods. */
function useArrowsTurnPeriods({ period }: DashboardReport, months: Months, goTo: (period: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.altKey || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      const { before, after } = neighbours(period, months);
      const next = event.key === "ArrowLeft" ? before : event.key === "ArrowRight" ? after : undefined;
      if (next !== undefined) goTo(next);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

