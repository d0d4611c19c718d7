import type { StatementView } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon } from "../../parts/icon.tsx";

/** What the statements of a file say they held, beside what the rows add up to: they agree, or the difference shows. */
export function Statements({ statements }: { readonly statements: readonly StatementView[] }) {
  const { t } = useText();
  if (statements.length === 0) return null;
  const differs = statements.some(({ differenceMinor }) => differenceMinor !== null && differenceMinor !== 0);
  return (
    <section className="cell" aria-labelledby="agrees-h">
      <div className="h">
        <h2 id="agrees-h">{t(differs ? "statement.titleDiffers" : "statement.title")}</h2>
      </div>
      {statements.map((statement, place) => (
        <Statement key={place} statement={statement} isNamed={statements.length > 1} />
      ))}
    </section>
  );
}

function Statement({ statement, isNamed }: { readonly statement: StatementView; readonly isNamed: boolean }) {
  const { t, f } = useText();
  const { accountName, currency, from, to, openingMinor, inMinor, outMinor, closingMinor, gaps } = statement;
  const on = (name: "statement.opening" | "statement.closing", date: string | null) => (date === null ? t(name) : `${t(name)}, ${f.dateShort(date)}`);
  return (
    <>
      {isNamed && accountName !== null && <p className="say">{accountName}</p>}
      <table className="ledger" aria-label={accountName ?? currency}>
        <tbody>
          {openingMinor !== null && (
            <tr>
              <td>{on("statement.opening", from)}</td>
              <td>{f.money(openingMinor, currency, { fraction: "full" })}</td>
            </tr>
          )}
          <tr>
            <td>{t("import.sumIn")}</td>
            <td>{f.money(inMinor, currency, { sign: "change", fraction: "full" })}</td>
          </tr>
          <tr>
            <td>{t("import.sumOut")}</td>
            <td>{f.money(-outMinor, currency, { fraction: "full" })}</td>
          </tr>
          {closingMinor !== null && (
            <tr className="ledger-total">
              <td>{on("statement.closing", to)}</td>
              <td>{f.money(closingMinor, currency, { fraction: "full" })}</td>
            </tr>
          )}
        </tbody>
      </table>
      <Verdict statement={statement} />
      {gaps.slice(0, 5).map((gap) => (
        <p className="say" key={gap.line}>
          {t("statement.gap", { line: gap.line, amount: f.money(gap.differenceMinor, currency, { sign: "change", fraction: "full" }) })}
        </p>
      ))}
    </>
  );
}

/** One line: agrees, or by how much not. */
export function Verdict({ statement: { differenceMinor, currency } }: { readonly statement: StatementView }) {
  const { t, f } = useText();
  if (differenceMinor === null) return <p className="say">{t("statement.oneBalance")}</p>;
  if (differenceMinor === 0) {
    return (
      <p className="verdict">
        <span className="pill sq ok">
          <Icon name="check" /> {t("statement.agrees")}
        </span>
      </p>
    );
  }
  return (
    <p className="verdict">
      <span className="pill sq wait">{t("statement.differs", { amount: f.money(differenceMinor, currency, { sign: "change", fraction: "full" }) })}</span>
    </p>
  );
}
