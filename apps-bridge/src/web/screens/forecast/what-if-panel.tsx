import type { SavedScenario } from "@saldo/client-core/forecast/outlook";
import type { BusinessForecast } from "@saldo/schema";
import { useId } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { useToast } from "../../parts/toast.tsx";
import { componentName } from "./component-name.ts";
import { changesOf, missingOf, peopleMost, percentMost, stillKnobs, type Knobs } from "./knobs.ts";
import { SaveScenario } from "./save-scenario.tsx";
import { whatIfText } from "./what-if-text.ts";

/** Expense parts that have a knob: the largest. */
const expenseKnobs = 3;
interface PanelProps {
  /** The forecast without the changes, and with them. */
  readonly before: BusinessForecast;
  readonly after: BusinessForecast;
  readonly knobs: Knobs;
  /** Where the page shows these changes. */
  readonly address: string;
  readonly onChange: (knobs: Knobs) => void;
  readonly scenarios: readonly SavedScenario[];
  /** The scenario the knobs were set from. */
  readonly opened: SavedScenario | undefined;
  readonly onOpened: (id: string | undefined) => void;
}

/** Knobs to try changes with; each change is told at once, and kept in the address, which can be shared. */
export function WhatIfPanel({ before, after, knobs, address, onChange, scenarios, opened, onOpened }: PanelProps) {
  const { t, f } = useText();
  const toast = useToast();
  const id = useId();
  const months = before.points.map(({ month }) => month);
  const { currency } = before;
  const missing = missingOf(knobs, currency);
  const set = (change: Partial<Knobs>): void => onChange({ ...knobs, ...change });
  const wholeOf = ({ months: ahead }: BusinessForecast["components"][number]) => ahead.reduce((sum, { meanMinor }) => sum + meanMinor, 0);
  const largest = before.components.filter(({ kind }) => kind === "expense").toSorted((a, b) => wholeOf(b) - wholeOf(a));
  const expenses = largest.filter(({ id: partId }, at) => at < expenseKnobs || Object.hasOwn(knobs.percents, partId));
  const shown = [...before.components.filter(({ kind }) => kind === "revenue"), ...expenses];
  const monthOptions = months.map((month) => (
    <option key={month} value={month}>
      {f.month(month)}
    </option>
  ));
  return (
    <aside className="cell" aria-labelledby={`${id}-h`}>
      <div className="h">
        <h2 id={`${id}-h`}>{t("whatIf.title")}</h2>
        <button
          type="button"
          className="btn ghost end"
          onClick={() => void navigator.clipboard.writeText(new URL(address, location.href).href).then(() => toast(t("whatIf.copied")))}
        >
          {t("whatIf.copy")}
        </button>
        <button type="button" className="btn ghost" onClick={() => (onOpened(undefined), onChange(stillKnobs(months)))}>
          {t("whatIf.reset")}
        </button>
      </div>
      {shown.map((component) => (
        <Knob
          key={component.id}
          name={componentName(component, t)}
          value={knobs.percents[component.id] ?? 0}
          range={[-percentMost, percentMost]}
          said={f.percent((knobs.percents[component.id] ?? 0) / 100, 0, "change")}
          onChange={(percent) => set({ percents: { ...knobs.percents, [component.id]: percent } })}
        />
      ))}
      <Knob name={t("whatIf.people")} value={knobs.people} range={[0, peopleMost]} said={f.number(knobs.people)} onChange={(people) => set({ people })} />
      <div className="knob-fields">
        <label className="field" htmlFor={`${id}-cost`}>
          <span>{t("whatIf.cost", { sign: f.sign(currency) })}</span>
          <input id={`${id}-cost`} inputMode="decimal" autoComplete="off" aria-invalid={missing === "cost"} aria-describedby={missing === undefined ? undefined : `${id}-missing`} value={knobs.cost} onChange={(event) => set({ cost: event.target.value })} />
        </label>
        <label className="field" htmlFor={`${id}-from`}>
          <span>{t("whatIf.from")}</span>
          <select id={`${id}-from`} value={knobs.from} onChange={(event) => set({ from: event.target.value })}>
            {monthOptions}
          </select>
        </label>
        <label className="field" htmlFor={`${id}-once`}>
          <span>{t("whatIf.once", { sign: f.sign(currency) })}</span>
          <input id={`${id}-once`} inputMode="text" autoComplete="off" value={knobs.once} onChange={(event) => set({ once: event.target.value })} />
        </label>
        <label className="field" htmlFor={`${id}-month`}>
          <span>{t("whatIf.month")}</span>
          <select id={`${id}-month`} value={knobs.month} onChange={(event) => set({ month: event.target.value })}>
            {monthOptions}
          </select>
        </label>
      </div>
      {missing !== undefined && (
        <p className="error-line neg" id={`${id}-missing`} role="status">
          {t(missing === "cost" ? "whatIf.costMissing" : "balance.misread")}
        </p>
      )}
      {knobs.more.length > 0 && (
        <ul className="planned">
          {knobs.more.map((change, at) => (
            <li key={`${change.kind}-${at}`}>
              <span className="planned-name">{whatIfText(change, before, { t, f })}</span>
              <button type="button" className="btn ghost" onClick={() => set({ more: knobs.more.filter((_, other) => other !== at) })}>
                {t("planned.remove")}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Result before={before} after={after} />
      <SaveScenario key={opened?.id} changes={changesOf(knobs, currency)} currency={currency} scenarios={scenarios} opened={opened} onSaved={onOpened} />
    </aside>
  );
}

function Knob({ name, value, range, said, onChange }: { readonly name: string; readonly value: number; readonly range: readonly [number, number]; readonly said: string; readonly onChange: (value: number) => void }) {
  const id = useId();
  return (
    <div className="knob">
      <label htmlFor={id}>{name}</label>
      <span className="v">{said}</span>
      <input id={id} type="range" min={range[0]} max={range[1]} step={1} value={value} aria-valuetext={said} onChange={(event) => onChange(Number(event.target.value))} />
    </div>
  );
}

function Result({ before, after }: { readonly before: BusinessForecast; readonly after: BusinessForecast }) {
  const { t, f } = useText();
  const profit = (report: BusinessForecast) => report.points.reduce((sum, { net }) => sum + net.mean, 0);
  const [was, now] = [profit(before), profit(after)];
  const risk = (report: BusinessForecast) => report.cashOutBasisPoints?.at(-1);
  const [wasOut, nowOut] = [risk(before), risk(after)];
  return (
    <div className={now < was || now < 0 ? "outcome worse" : "outcome"} role="status">
      <p className="muted">{t("whatIf.profit", { count: before.horizonMonths })}</p>
      <p className="fig">{f.short(now, before.currency)}</p>
      <p className="muted">
        {t("whatIf.was", { amount: f.short(was, before.currency) })}
        {wasOut !== undefined && nowOut !== undefined && ` ${t("whatIf.risk", { now: f.percent(nowOut / 10_000), was: f.percent(wasOut / 10_000) })}`}
      </p>
    </div>
  );
}
