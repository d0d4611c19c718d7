import type { ImportPreview, StatementView } from "../../../bridge/contract/import.ts";
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
  const on = (name: "statement.opening" | "statement.closing", date: string | null) => (date === null ? t(name) : `${t(name)}, ${f.dateShort(date, true)}`);
  return (
    <>
      {isNamed && accountName !== null && <p className="say">{accountName}</p>}
      <Ledger
        label={accountName ?? currency}
        currency={currency}
        opening={openingMinor === null ? null : { text: on("statement.opening", from), minor: openingMinor }}
        inMinor={inMinor}
        outMinor={outMinor}
        total={closingMinor === null ? null : { text: on("statement.closing", to), minor: closingMinor, isChange: false }}
      />
      <Verdict statement={statement} />
      {gaps.slice(0, 5).map((gap) => (
        <p className="say" key={gap.line}>
          {t("statement.gap", { line: gap.line, amount: f.money(gap.differenceMinor, currency, { sign: "change", fraction: "full" }) })}
        </p>
      ))}
    </>
  );
}

/** What the readable rows of a file come to, where it tells no balances. */
export function Sums({ sums }: { readonly sums: ImportPreview["sums"] }) {
  const { t } = useText();
  if (sums.length === 0) return null;
  return (
    <section className="cell" aria-labelledby="sums-h">
      <div className="h">
        <h2 id="sums-h">{t("import.sumsTitle")}</h2>
      </div>
      {sums.map(({ currency, inMinor, outMinor }) => (
        <Ledger key={currency} label={currency} currency={currency} opening={null} inMinor={inMinor} outMinor={outMinor} total={{ text: t("import.sumNet"), minor: inMinor - outMinor, isChange: true }} />
      ))}
      <p className="say">{t("import.sumsHint")}</p>
    </section>
  );
}

interface LedgerParts {
  readonly label: string;
  readonly currency: string;
  readonly opening: { readonly text: string; readonly minor: number } | null;
  readonly inMinor: number;
  /** Positive. */
  readonly outMinor: number;
  readonly total: { readonly text: string; readonly minor: number; readonly isChange: boolean } | null;
}

/** Money in and out between what there was and what it comes to. */
function Ledger({ label, currency, opening, inMinor, outMinor, total }: LedgerParts) {
  const { t, f } = useText();
  return (
    <table className="ledger" aria-label={label}>
      <tbody>
        {opening !== null && (
          <tr>
            <td>{opening.text}</td>
            <td>{f.money(opening.minor, currency, { fraction: "full" })}</td>
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
        {total !== null && (
          <tr className="ledger-total">
            <td>{total.text}</td>
            <td>{f.money(total.minor, currency, { fraction: "full", ...(total.isChange ? { sign: "change" as const } : {}) })}</td>
          </tr>
        )}
      </tbody>
    </table>
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
