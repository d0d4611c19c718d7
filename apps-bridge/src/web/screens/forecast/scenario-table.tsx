import { compareScenarios, outcomeOf, type ComparedScenario, type ForecastOutcome, type SavedScenario } from "@saldo/client-core/forecast/outlook";
import { nameLengthMax, type BusinessForecast } from "@saldo/schema";
import { useMemo, useState, type FormEvent } from "react";
import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";
import { whatIfText } from "./what-if-text.ts";

/** From one in five on, running out of cash is shown as a warning. */
const riskyBasisPoints = 2_000;

interface TableProps {
  /** The forecast as it is. */
  readonly report: BusinessForecast;
  readonly scenarios: readonly SavedScenario[];
  readonly openedId: string | undefined;
  readonly onOpen: (scenario: SavedScenario) => void;
}

/** Saved scenarios beside the forecast as it is: profit, cash at its end and where it is lowest, the chance it runs out; to open, rename, remove and take back. */
export function ScenarioTable({ report, scenarios, openedId, onOpen }: TableProps) {
  const { t, f } = useText();
  const core = useCore();
  const toast = useToast();
  const [renamedId, setRenamedId] = useState<string>();
  const compared = useMemo(() => compareScenarios(report, scenarios), [report, scenarios]);
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const told = (text: string, undoId: string | null) => toast(text, undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  const remove = useAction(async ({ id, name }: SavedScenario) => {
    told(t("planned.removed", { name }), (await core.call("scenarios.remove", { id })).undoId);
  });
  const rename = useAction(async (id: string, name: string) => {
    const { undoId } = await core.call("scenarios.change", { id, name });
    setRenamedId(undefined);
    told(t("planned.saved", { name }), undoId);
  });
  const hasCash = report.cash !== null;
  return (
    <>
      <ErrorLine error={remove.error ?? rename.error ?? undo.error} />
      <table className="tbl stack scenarios">
        <thead>
          <tr>
            <th className="l">{t("scenarios.name", { sign: f.sign(report.currency) })}</th>
            <th>{t("whatIf.profit", { count: report.horizonMonths })}</th>
            <th>{t("scenarios.change")}</th>
            {hasCash && (
              <>
                <th>{t("scenarios.cashEnd", { month: f.monthAxis(report.points.at(-1)?.month ?? report.asOfMonth, true) })}</th>
                <th>{t("scenarios.lowest")}</th>
                <th>{t("forecast.cashOut")}</th>
              </>
            )}
            <th />
          </tr>
        </thead>
        <tbody>
          <tr className="sum-row">
            <td className="l">{t("scenarios.base")}</td>
            <Figures outcome={outcomeOf(report)} change={undefined} currency={report.currency} />
            <td className="x" />
          </tr>
          {compared.map((each) => (
            <tr key={each.scenario.id} className={each.scenario.id === openedId ? "on" : undefined}>
              <td className="l">
                {renamedId === each.scenario.id ? (
                  <RenameForm name={each.scenario.name} running={rename.running} onSave={(name) => rename.start(each.scenario.id, name)} onCancel={() => setRenamedId(undefined)} />
                ) : (
                  <button type="button" className="link" onClick={() => onOpen(each.scenario)} aria-label={t("scenarios.open", { name: each.scenario.name })}>
                    {each.scenario.name}
                  </button>
                )}
                <Changes compared={each} report={report} />
              </td>
              <Figures outcome={each} change={each.profitChangeMinor} currency={report.currency} />
              <td className="acts-cell two">
                <button type="button" className="btn ghost" onClick={() => setRenamedId(each.scenario.id)} aria-label={t("scenarios.renameNamed", { name: each.scenario.name })}>
                  {t("scenarios.rename")}
                </button>
                <button type="button" className="btn ghost" onClick={() => remove.start(each.scenario)} aria-label={t("planned.removeNamed", { name: each.scenario.name })}>
                  {t("planned.remove")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Figures({ outcome: { profitMinor, cash, cashOutBasisPoints }, change, currency }: { readonly outcome: ForecastOutcome; readonly change: number | undefined; readonly currency: string }) {
  const { t, f } = useText();
  const money = (amount: number): string => f.money(amount, currency, { unit: false, fraction: "whole" });
  const difference = change === undefined ? "" : f.money(change, currency, { unit: false, fraction: "whole", sign: "change" });
  const risk = cashOutBasisPoints === null ? "" : f.percent(cashOutBasisPoints / 10_000);
  return (
    <>
      <td className={profitMinor < 0 ? "r neg" : "r"}>{money(profitMinor)}</td>
      <td className={change === undefined || change === 0 ? "x quiet" : change < 0 ? "x neg" : "x pos"}>{difference}</td>
      {cash !== null && (
        <>
          <td className={cash.lastMinor < 0 ? "x neg" : "x"}>{money(cash.lastMinor)}</td>
          <td className={cash.lowestMinor < 0 ? "x neg" : "x"}>
            {money(cash.lowestMinor)} <span className="quiet">{f.monthAxis(cash.lowestMonth, true)}</span>
          </td>
          <td className={(cashOutBasisPoints ?? 0) >= riskyBasisPoints ? "x neg" : "x quiet"}>{risk}</td>
        </>
      )}
      <td className="only-narrow two quiet">
        {[
          change === undefined ? [] : t("scenarios.narrow.change", { amount: difference }),
          cash === null ? [] : [t("scenarios.narrow.cash", { amount: money(cash.lastMinor) }), t("scenarios.narrow.lowest", { amount: money(cash.lowestMinor), month: f.monthAxis(cash.lowestMonth, true) }), t("scenarios.narrow.risk", { risk })],
        ]
          .flat(2)
          .join(" · ")}
      </td>
    </>
  );
}

function Changes({ compared: { scenario, leftOut }, report }: { readonly compared: ComparedScenario; readonly report: BusinessForecast }) {
  const { t, f } = useText();
  const said = scenario.changes.map((change) => whatIfText(change, { components: report.components, currency: scenario.currency }, { t, f }));
  return (
    <small className="quiet scenario-said">
      {said.join("; ")}
      {leftOut > 0 && <span className="neg"> {t("scenarios.leftOut", { count: leftOut })}</span>}
    </small>
  );
}

function RenameForm({ name, running, onSave, onCancel }: { readonly name: string; readonly running: boolean; readonly onSave: (name: string) => void; readonly onCancel: () => void }) {
  const { t } = useText();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get("name");
    if (typeof given === "string" && given.trim() !== "") onSave(given.trim());
  };
  return (
    <form className="scenario-name" onSubmit={submit}>
      <input name="name" required maxLength={nameLengthMax} autoComplete="off" autoFocus defaultValue={name} aria-label={t("planned.name")} onKeyDown={(event) => event.key === "Escape" && onCancel()} />
      <button type="submit" className="btn" disabled={running}>
        {t("planned.save")}
      </button>
    </form>
  );
}
