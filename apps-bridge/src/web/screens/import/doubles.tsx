import { useText } from "../../i18n/preferences.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { useAction, useCore, useRead, useTransactionsVersion } from "../../state/bridge.tsx";

/** Rows that came in twice because two devices imported overlapping statements before they heard of each other; nothing while there are none. */
export function Doubles() {
  const { t, f } = useText();
  const core = useCore();
  const version = useTransactionsVersion();
  const { value } = useRead("import.doubles", {}, version);
  const doubles = value?.doubles ?? [];
  const settle = useAction(async (ids: readonly string[], choice: "remove" | "keep") => {
    await core.call("import.settleDoubles", { ids: [...ids], choice });
  });
  if (doubles.length === 0) return null;
  const all = doubles.map(({ id }) => id);
  return (
    <section className="row history" aria-labelledby="doubles-h">
      <div className="h in">
        <h2 id="doubles-h">{t("doubles.title", { count: doubles.length })}</h2>
        <button type="button" className="btn s" disabled={settle.running} onClick={() => settle.start(all, "remove")}>
          {t("doubles.removeAll")}
        </button>
      </div>
      <p className="say in">{t("doubles.lead")}</p>
      <table className="tbl stack">
        <tbody>
          {doubles.map((row) => (
            <tr key={row.id}>
              <td className="l">{f.dateShort(row.date, true)}</td>
              <td className="l cut-wide">{[row.counterparty, row.description].filter(Boolean).join(" · ")}</td>
              <td>{f.money(row.amountMinor, row.currency, { sign: "change", fraction: "full" })}</td>
              <td className="r">
                <button type="button" className="btn s" disabled={settle.running} onClick={() => settle.start([row.id], "remove")}>
                  {t("doubles.remove")}
                </button>{" "}
                <button type="button" className="btn s" disabled={settle.running} onClick={() => settle.start([row.id], "keep")}>
                  {t("doubles.keep")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ErrorLine error={settle.error} />
    </section>
  );
}
