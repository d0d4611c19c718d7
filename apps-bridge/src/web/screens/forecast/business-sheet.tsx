import { scenarioNames, scenarioOf, tryChanges, type SavedScenario, type Scenario, type ScenarioName } from "@saldo/client-core/forecast/outlook";
import type { BusinessForecast, DashboardReport } from "@saldo/schema";
import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import type { ForecastView } from "../../../bridge/contract/forecast.ts";
import { Chart } from "../../charts/chart.tsx";
import { cashMonths, forecastMonths, forecastOption, type ForecastMeasure } from "../../charts/forecast-option.ts";
import type { ChartTheme } from "../../charts/theme.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { useWatch } from "../../state/bridge.tsx";
import { navigate, useRoute, withQuery } from "../../state/route.tsx";
import { CategoryTable } from "./category-table.tsx";
import { componentName } from "./component-name.ts";
import { ForecastFacts } from "./forecast-facts.tsx";
import { changesOf, knobsOf, knobsOfText, textOfKnobs, type Knobs } from "./knobs.ts";
import { PastForecast } from "./past-forecast.tsx";
import { PlannedList } from "./planned-list.tsx";
import { ScenarioTable } from "./scenario-table.tsx";
import { WhatIfPanel } from "./what-if-panel.tsx";

type Shown = ForecastMeasure | "cash";
const noScenarios: readonly SavedScenario[] = [];

/** A forecast with categories: the fan, scenarios with what drives them, changes to try, the table that adds up, payments known in advance. */
export function BusinessSheet({ stored, latest, past }: { readonly stored: BusinessForecast; readonly latest: NonNullable<ForecastView["latest"]>; readonly past: DashboardReport }) {
  const { t } = useText();
  const [shown, setShown] = useState<Shown>(stored.cash === null ? "net" : "cash");
  const route = useRoute();
  const asked = route.query.get("scenario");
  const scenario: ScenarioName = scenarioNames.find((name) => name === asked) ?? "realistic";
  const setScenario = (name: ScenarioName) => navigate(withQuery(route, { scenario: name === "realistic" ? undefined : name }), "replace");
  const [knobs, setKnobs] = useState<Knobs>(() => knobsOfText(route.query.get("try"), stored.points.map(({ month }) => month)));
  const address = withQuery(route, { try: textOfKnobs(knobs, stored.currency) });
  useKeptAddress(address);
  const scenarios = useWatch("scenarios.watch", {}).value?.scenarios ?? noScenarios;
  const [openedId, setOpenedId] = useState<string>();
  const open = (saved: SavedScenario): void => {
    // Amounts in another currency mean nothing here.
    setKnobs(knobsOf(saved.changes.filter(({ kind }) => kind === "percent" || saved.currency === stored.currency), stored));
    setOpenedId(saved.id);
  };
  const deferred = useDeferredValue(knobs);
  const report = useMemo(() => tryChanges(stored, changesOf(deferred, stored.currency)).report, [stored, deferred]);
  const course = useMemo(() => scenarioOf(report, scenario), [report, scenario]);
  const measures: readonly Shown[] = stored.cash === null ? ["net", "revenue", "expenses"] : ["cash", "net", "revenue", "expenses"];
  return (
    <>
      <div className="row g-side">
        <section className="cell" aria-labelledby="fc-h">
          <div className="h">
            <h2 id="fc-h">{t(`forecast.measure.${shown}`)}</h2>
            <span className="end">
              <Segmented label={t("forecast.measureLabel")} value={shown} options={measures.map((value) => ({ value, text: t(value === "cash" ? "forecast.cashShort" : `forecast.measure.${value}`) }))} onChange={setShown} />
            </span>
          </div>
          <Fan report={report} course={course} shown={shown} past={past} />
          <div className="h facts-next">
            <h2>{t("scenario.title")}</h2>
            <span className="end">
              <Segmented label={t("scenario.title")} value={scenario} options={scenarioNames.map((value) => ({ value, text: t(`scenario.${value}`) }))} onChange={setScenario} />
            </span>
          </div>
          <Drivers report={report} course={course} />
        </section>
        <WhatIfPanel before={stored} after={report} knobs={knobs} address={address} onChange={setKnobs} scenarios={scenarios} opened={scenarios.find(({ id }) => id === openedId)} onOpened={setOpenedId} />
      </div>
      {scenarios.length > 0 && (
        <section className="row" aria-labelledby="sc-h">
          <div className="h in forecast-table-h">
            <h2 id="sc-h">{t("scenarios.title")}</h2>
          </div>
          <ScenarioTable report={stored} scenarios={scenarios} openedId={openedId} onOpen={open} />
        </section>
      )}
      <section className="row" aria-labelledby="ct-h">
        <div className="h in forecast-table-h">
          <h2 id="ct-h">{t("forecast.categoriesTitle", { scenario: t(`scenario.${scenario}`) })}</h2>
        </div>
        <CategoryTable report={report} course={course} />
      </section>
      <div className="row g-side">
        <div className="cell">
          <PlannedList report={stored} />
          <PastForecast measure={shown === "cash" ? "net" : shown} />
        </div>
        <ForecastFacts report={stored} latest={latest} measure={shown === "cash" ? "net" : shown} />
      </div>
    </>
  );
}

/** How long a knob rests before the address is changed: browsers refuse to change it with every step of a knob. */
const addressDelayMs = 400;

/** Keeps changes to try in the address, so that they outlast the page. */
function useKeptAddress(address: string): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      if (address !== `${location.pathname}${location.search}`) navigate(address, "replace");
    }, addressDelayMs);
    return () => clearTimeout(timer);
  }, [address]);
}

const totalOf = { revenue: "revenueMinor", expenses: "expensesMinor", net: "netMinor", cash: "cashMinor" } as const;

function Fan({ report, course, shown, past }: { readonly report: BusinessForecast; readonly course: Scenario; readonly shown: Shown; readonly past: DashboardReport }) {
  const { t, f, locale } = useText();
  const { currency, points } = report;
  const { revenueTrend, cashPath } = past;
  const unknownAccounts = report.cash?.unknownAccounts ?? 0;
  const months = useMemo(() => {
    const plain = shown === "cash" ? cashMonths(report, cashPath) : forecastMonths(revenueTrend, report.points, shown);
    if (course.name === "realistic") return plain;
    const amounts = new Map(course.months.map((month) => [month.month, month[totalOf[shown]] ?? undefined]));
    return plain.map((entry) => ({ ...entry, course: amounts.get(entry.month) }));
  }, [report, course, shown, revenueTrend, cashPath]);
  const option = useCallback((theme: ChartTheme) => forecastOption(theme, { months, currency, locale, f, t }), [months, currency, locale, f, t]);
  const last = points.at(-1);
  const amount = last?.[shown];
  const label = t("forecast.chartLabel", { measure: t(`forecast.measure.${shown}`), month: f.month(last?.month ?? report.asOfMonth), amount: amount ? f.short(amount.mean, currency) : "" });
  return (
    <>
      <Chart label={label} height={320} option={option} />
      <p className="say">
        {t("forecast.bands")} {shown === "cash" && unknownAccounts > 0 && t("cash.unknownAccounts", { count: unknownAccounts })}
      </p>
    </>
  );
}

function Drivers({ report, course }: { readonly report: BusinessForecast; readonly course: Scenario }) {
  const { t, f } = useText();
  const nameOf = (id: string): string => {
    const component = report.components.find((each) => each.id === id);
    return component === undefined ? "" : componentName(component, t);
  };
  return (
    <>
      <p className="say">
        {t(`scenario.${course.name}.why`)} {t("scenario.profit", { amount: f.short(course.netMinor, report.currency), count: report.horizonMonths })}
      </p>
      {course.drivers.length > 0 && (
        <dl className="facts">
          {course.drivers.map(({ componentId, effectMinor }) => (
            <div key={componentId} className="driver">
              <dt>{nameOf(componentId)}</dt>
              <dd className={effectMinor < 0 ? "neg" : "pos"}>{f.short(effectMinor, report.currency, { sign: "change" })}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
