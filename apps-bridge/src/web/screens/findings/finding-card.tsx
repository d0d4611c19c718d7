import { figureRowIdsMax, type FindingKind } from "@saldo/schema";
import type { FindingsView } from "../../../bridge/contract/findings.ts";
import { useText } from "../../i18n/preferences.tsx";
import { Icon, type IconName } from "../../parts/icon.tsx";
import { ErrorLine } from "../../parts/state-box.tsx";
import { Link } from "../../state/route.tsx";
import { rowsHref } from "../../state/transaction-query.ts";
import { findingText } from "./finding-text.ts";
import { useJudge } from "./use-judge.ts";

/** A finding as the view gives it, judged or not. */
export type ShownFinding = FindingsView["open"][number] & Partial<Pick<FindingsView["judged"][number], "verdict" | "judgedAt">>;

const badges = { high: "high", medium: "mid", low: "low" } as const;
const icons: Readonly<Record<FindingKind, IconName>> = {
  duplicate_exact: "copy",
  duplicate_near: "copy",
  amount_unlike_vendor: "rise",
  amount_unlike_category: "rise",
  round_amount: "flag",
  split_invoice: "copy",
  category_unlike_vendor: "list",
  new_vendor_large: "people",
  category_pace: "rise",
  recurring_missing: "alert",
  price_step: "rise",
  off_hours: "clock",
  benford: "flag",
  reported: "flag",
};
const verdicts = ["right", "wrong", "expected"] as const;
/** Rows a card lists; all of them are a click away. */
const rowsShownMax = 6;

/** One finding: what happened, what was expected, the rows that say so, the money at stake, and what people say of it. */
export function FindingCard({ shown }: { readonly shown: ShownFinding }) {
  const { t, f, locale } = useText();
  const { finding, verdict } = shown;
  const { expected, happened } = findingText(finding, locale, f);
  return (
    <article className="finding" aria-label={happened}>
      <header>
        <span className={`badge ${verdict === undefined ? badges[finding.severity] : "done"}`}>
          <Icon name={verdict === undefined ? icons[finding.kind] : "check"} />
        </span>
        <div>
          <h3>{happened}</h3>
          <p className="sub">
            <b>{t("findings.expected")}:</b> {expected}
          </p>
          {shown.inWords?.locale === locale && (
            <p className="sub in-words">
              <span className="pill sq brand">{t("cloud.inWords")}</span> {shown.inWords.text}
            </p>
          )}
        </div>
        {finding.amountMinor !== null && finding.currency !== null && finding.amountMinor > 0 && (
          <p className="big">
            {f.money(finding.amountMinor, finding.currency)}
            <small>{t("findings.atStake")}</small>
          </p>
        )}
      </header>
      {shown.rows.length > 0 && (
        <div className="evid rows-only">
          <Rows shown={shown} title={happened} />
        </div>
      )}
      <Verdict shown={shown} title={happened} />
    </article>
  );
}

function Rows({ shown: { rows }, title }: { readonly shown: ShownFinding; readonly title: string }) {
  const { t, f } = useText();
  const isOld = rows.some(({ postedOn }) => postedOn.slice(0, 4) !== thisYear());
  return (
    <table className="tbl" aria-label={t("findings.rowsOf", { title })}>
      <tbody>
        {rows.slice(0, rowsShownMax).map((row) => (
          <tr key={row.id} className={row.role === "suspect" ? "flag" : undefined}>
            <td className="l nowrap">{f.dateShort(row.postedOn, isOld)}</td>
            <td className="l wrap">
              {row.role === "suspect" && (
                <span className="mark" aria-hidden="true">
                  ◆
                </span>
              )}
              {[row.counterparty, row.description].filter((text) => text !== "").join(" · ")}
            </td>
            <td className="num">{f.money(row.amountMinor, row.currency, { fraction: "full" })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Days of another year are written with it. */
function thisYear(): string {
  return new Intl.DateTimeFormat("sv").format().slice(0, 4);
}

function Verdict({ shown, title }: { readonly shown: ShownFinding; readonly title: string }) {
  const { t, f } = useText();
  const { judge, reopen, running, error } = useJudge();
  const { finding, verdict, judgedAt } = shown;
  return (
    <div className="verdict" role="group" aria-label={title}>
      {verdict === undefined ? (
        <>
          <span className="q">{t("findings.question")}</span>
          {verdicts.map((one) => (
            <button key={one} type="button" className="btn s" disabled={running} onClick={() => judge(finding, one)}>
              {t(`findings.verdict.${one}`)}
            </button>
          ))}
        </>
      ) : (
        <>
          <span className="pill">
            <Icon name="check" small />
            {t("findings.judgedAt", { verdict: t(`findings.verdict.${verdict}`), date: f.date((judgedAt ?? "").slice(0, 10), false) })}
          </span>
          <button type="button" className="link" disabled={running} onClick={() => reopen(finding)}>
            {t("findings.reopen")}
          </button>
        </>
      )}
      <span className="more">
        {finding.scorePermille > 0 && <span className="quiet">{t("findings.confidence", { percent: f.percent(finding.scorePermille / 1000, 0) })}</span>}
        <RowsLink shown={shown} title={title} />
      </span>
      <ErrorLine error={error} />
    </div>
  );
}

/** To the rows in the list of transactions; those of one direction add up there. */
function RowsLink({ shown: { rows }, title }: { readonly shown: ShownFinding; readonly title: string }) {
  const { t } = useText();
  const dates = rows.map(({ postedOn }) => postedOn).toSorted();
  const [from] = dates;
  const to = dates.at(-1);
  const currency = rows[0]?.currency;
  if (from === undefined || to === undefined || currency === undefined) return null;
  const total = rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const ids = rows.slice(0, figureRowIdsMax).map(({ id }) => id);
  const behind = { from, to, direction: total > 0 ? "in" : "out", ids, totalMinor: Math.abs(total), count: rows.length, dividedBy: 1 } as const;
  return <Link href={rowsHref(behind, currency, title)}>{t("findings.rows", { count: rows.length })}</Link>;
}
