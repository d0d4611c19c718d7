import type { FindingsView } from "../../../bridge/contract/findings.ts";
import { useText } from "../../i18n/preferences.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { useRoute, withQuery } from "../../state/route.tsx";
import { CardsPage, CardsSheet } from "../cards-page.tsx";
import { EmptyBooks } from "../import/empty-books.tsx";
import { AdviceAside } from "./advice-aside.tsx";
import type { ShownFinding } from "./finding-card.tsx";
import { FindingGroups } from "./finding-groups.tsx";
import { Quality } from "./quality.tsx";

const tabs = ["open", "expected", "right", "wrong", "all"] as const;
type Tab = (typeof tabs)[number];

/** What looks wrong in the books, why, and what people said of it. */
export function FindingsPage() {
  const watched = useWatch("findings.watch", {});
  const { value } = watched;
  if (value?.rowsExamined === 0 && value.judgedCount === 0) return <EmptyBooks />;
  return <CardsPage watched={watched}>{(view) => <FindingsSheet view={view} />}</CardsPage>;
}

function FindingsSheet({ view }: { readonly view: FindingsView }) {
  const { t } = useText();
  const route = useRoute();
  const asked = route.query.get("show");
  const tab = tabs.find((one) => one === asked) ?? "open";
  const { verdicts } = view;
  const counts: Readonly<Record<Tab, number>> = { open: view.openCount, expected: verdicts.expected, right: verdicts.right + verdicts.missed, wrong: verdicts.wrong, all: view.openCount + view.judgedCount };
  const options = tabs.map((one) => ({ value: one, text: t(`findings.tab.${one}`), count: counts[one], href: withQuery(route, { show: one === "open" ? undefined : one }) }));
  return (
    <CardsSheet
      title={<Title view={view} />}
      lead={t("findings.lead")}
      tabs={{ label: t("findings.tabs"), value: tab, options }}
      aside={
        <>
          <AdviceAside />
          <Quality view={view} />
        </>
      }
    >
      <List view={view} tab={tab} />
    </CardsSheet>
  );
}

/** How many, and the money at stake in the currency that has most of it. */
function Title({ view: { open, openCount } }: { readonly view: FindingsView }) {
  const { t, f } = useText();
  const stakes = new Map<string, number>();
  for (const { finding } of open) if (finding.currency !== null) stakes.set(finding.currency, (stakes.get(finding.currency) ?? 0) + (finding.amountMinor ?? 0));
  const [largest] = [...stakes].toSorted(([, a], [, b]) => b - a);
  if (largest === undefined || largest[1] === 0 || openCount === 0) return t("findings.title", { count: openCount });
  const [currency, amountMinor] = largest;
  return t("findings.titleStake", { count: openCount, amount: f.money(amountMinor, currency, { fraction: "whole" }) });
}

function List({ view, tab }: { readonly view: FindingsView; readonly tab: Tab }) {
  const { t } = useText();
  const judged = view.judged.filter(({ verdict }) => tab === "all" || verdict === tab);
  const findings: readonly ShownFinding[] = tab === "open" ? view.open : tab === "all" ? [...view.open, ...judged] : judged;
  if (findings.length === 0) {
    return (
      <div className="state in">
        {tab === "open" && <h3>{t("findings.allSeen")}</h3>}
        <p>{tab === "open" ? t("findings.emptyLead", { count: view.rowsExamined }) : t(`findings.none.${tab}`)}</p>
      </div>
    );
  }
  const hidden = tab === "open" ? view.openCount - view.open.length : 0;
  return (
    <>
      <FindingGroups findings={findings} />
      {hidden > 0 && <p className="say in">{t("findings.notShown", { count: hidden })}</p>}
    </>
  );
}
