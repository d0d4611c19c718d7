import type { RecommendationsView, RecommendationView } from "../../../bridge/contract/recommendations.ts";
import { useText } from "../../i18n/preferences.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { useRoute, withQuery } from "../../state/route.tsx";
import { CardsPage, CardsSheet } from "../cards-page.tsx";
import { EmptyBooks } from "../import/empty-books.tsx";
import { AdviceCard } from "./advice-card.tsx";
import { AdviceChecks } from "./advice-checks.tsx";
import { gainsOf } from "./sums.ts";

const statuses = ["open", "done", "snoozed", "not_relevant"] as const;
type Status = (typeof statuses)[number];

/** What to do, what it is worth, what was done and what came of it. */
export function AdvicePage() {
  const watched = useWatch("recommendations.watch", {});
  const { value } = watched;
  if (value?.report.dataThrough === null && value.decided.length === 0) return <EmptyBooks />;
  return <CardsPage watched={watched}>{(view) => <AdviceSheet view={view} />}</CardsPage>;
}

function AdviceSheet({ view }: { readonly view: RecommendationsView }) {
  const { t, f } = useText();
  const route = useRoute();
  const { report, open, decided } = view;
  const asked = route.query.get("status");
  const status = statuses.find((one) => one === asked) ?? "open";
  const gains = gainsOf(open, report.currency);
  const byStatus = (one: Status) => (one === "open" ? open : decided.filter((advice) => advice.status === one));
  const counts = statuses.map((one) => ({ value: one, text: t(`advice.tab.${one}`), count: byStatus(one).length, href: withQuery(route, { status: one === "open" ? undefined : one }) }));
  const money = (value: number) => f.money(value, report.currency, { fraction: "whole" });
  const worth = gains.month.amountMinor;
  return (
    <CardsSheet
      title={worth > 0 ? t("advice.titleMonth", { count: open.length, amount: money(worth) }) : t("advice.title", { count: open.length })}
      lead={t("advice.lead")}
      tabs={{ label: t("advice.tabs"), value: status, options: counts }}
      aside={
        <>
          <Worth view={view} />
          <AdviceChecks report={report} />
        </>
      }
    >
      <AdviceList status={status} advice={byStatus(status)} />
    </CardsSheet>
  );
}

function AdviceList({ status, advice }: { readonly status: Status; readonly advice: readonly RecommendationView[] }) {
  const { t } = useText();
  if (advice.length > 0) return advice.map((one) => <AdviceCard key={one.item.key} advice={one} />);
  return (
    <div className="state in">
      {status === "open" && <h3>{t("advice.clearTitle")}</h3>}
      <p>{t(`advice.none.${status}`)}</p>
    </div>
  );
}

/** What open advice comes to, and what followed advice has brought. */
function Worth({ view: { report, open, decided } }: { readonly view: RecommendationsView }) {
  const { t, f } = useText();
  const { month, once } = gainsOf(open, report.currency);
  const money = (value: number) => f.money(value, report.currency, { fraction: "whole" });
  const measured = decided.reduce((sum, one) => (one.currency === report.currency && one.measured?.per === "month" && one.item.measure.kind !== "share" ? sum + one.measured.amountMinor : sum), 0);
  const range = month.lowMinor === month.highMinor ? money(month.amountMinor) : t("advice.effect.range", { low: money(month.lowMinor), high: money(month.highMinor) });
  if (month.highMinor === 0 && once.amountMinor === 0 && measured === 0) return null;
  return (
    <section className="cell worth" aria-label={t("advice.whatToDo")}>
      <p className="say">
        {month.highMinor > 0 && once.amountMinor > 0
          ? t("advice.togetherBoth", { month: range, once: money(once.amountMinor) })
          : month.highMinor > 0
            ? t("advice.togetherMonth", { month: range })
            : once.amountMinor > 0 && t("advice.togetherOnce", { once: money(once.amountMinor) })}
      </p>
      {measured !== 0 && <p className="say">{t("advice.measuredTotal", { amount: f.money(measured, report.currency, { fraction: "whole", sign: "change" }) })}</p>}
    </section>
  );
}
