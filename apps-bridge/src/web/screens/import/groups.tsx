import type { ComparedRowView, ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import type { ImportDecisions } from "../../state/import-flow.tsx";

/** What changes what is done with rows. */
export type OnDecide = (indexes: readonly number[], choice: "add" | "skip") => void;

/** Rows that will be added, as things stand. */
export function rowsToAdd({ counts, looks, there }: ImportPreview, decisions: ImportDecisions): number {
  const usual = new Map<number, "add" | "skip">([...looks, ...there].map(({ index }) => [index, "skip"]));
  let count = counts.new;
  for (const [index, choice] of decisions) if ((usual.get(index) ?? "add") !== choice) count += choice === "add" ? 1 : -1;
  return count;
}

/** Rows to look at that nobody decided about: they are left out. */
export function looksLeft({ counts, looks }: ImportPreview, decisions: ImportDecisions): number {
  return counts.look - looks.filter(({ index }) => decisions.has(index)).length;
}

/** The three groups, and that they are all the file has. */
export function Counts({ preview }: { readonly preview: ImportPreview }) {
  const { t, f } = useText();
  const { counts } = preview;
  const parts = [counts.new, counts.there, counts.look, counts.refused, counts.skipped];
  const sum = `${parts.filter((part, place) => part > 0 || place === 0).map((part) => f.number(part)).join(" + ")} = ${f.number(counts.total)}`;
  return (
    <div className="tri">
      <div>
        <p className="fig pos">{f.number(counts.new)}</p>
        <p className="muted">{t("import.groupNew")}</p>
      </div>
      <div>
        <p className="fig quiet">{f.number(counts.there)}</p>
        <p className="muted">{t("import.groupThere")}</p>
      </div>
      <div>
        <p className={`fig ${counts.look > 0 ? "warn" : "quiet"}`}>{f.number(counts.look)}</p>
        <p className="muted">{t("import.groupLook")}</p>
      </div>
      <div>
        <p className="say">
          {preview.missing.length > 0 ? t("import.countsLater") : t("import.countsAdd", { sum, total: counts.total })}{" "}
          {counts.there > 0 && t("import.countsThere")} {counts.refused > 0 && t("import.countsRefused", { count: counts.refused })}{" "}
          {counts.skipped > 0 && t("import.countsSkipped", { count: counts.skipped })}
        </p>
        <p className="say conf-key">
          <span className="conf ok">{t("confidence.sure")}</span> <span className="conf mid">{t("confidence.check")}</span>{" "}
          <span className="conf low">{t("confidence.unsure")}</span>
        </p>
      </div>
    </div>
  );
}

/** Rows that look like others of the books, each with its two answers. */
export function Looks({ preview, decisions, onDecide }: { readonly preview: ImportPreview; readonly decisions: ImportDecisions; readonly onDecide: OnDecide }) {
  const { t } = useText();
  const { looks, counts } = preview;
  if (counts.look === 0) return null;
  const all = looks.map(({ index }) => index);
  return (
    <section className="cell" aria-labelledby="looks-h">
      <div className="h">
        <h2 id="looks-h">{t("import.looksTitle", { count: counts.look })}</h2>
      </div>
      <p className="say">{t("import.looksLead")}</p>
      {looks.length > 1 && (
        <p className="acts look-all">
          <button type="button" className="btn s" onClick={() => onDecide(all, "add")}>
            {t("import.addAll")}
          </button>
          <button type="button" className="btn s" onClick={() => onDecide(all, "skip")}>
            {t("import.skipAll")}
          </button>
        </p>
      )}
      <div className="refused-list">
        {looks.map((look) => (
          <Look key={look.index} look={look} choice={decisions.get(look.index)} onDecide={onDecide} />
        ))}
      </div>
      {counts.look > looks.length && <p className="say">{t("import.refusedMore", { count: counts.look - looks.length })}</p>}
    </section>
  );
}

function Look({ look, choice, onDecide }: { readonly look: ComparedRowView; readonly choice: "add" | "skip" | undefined; readonly onDecide: OnDecide }) {
  const { t, f } = useText();
  const { read, twin } = look;
  const days = Math.round(Math.abs(Date.parse(read.date) - Date.parse(twin.date)) / 86_400_000);
  return (
    <div className="look">
      <p>
        <b>{t("import.line", { line: look.line })}</b> {t(days === 0 ? "import.lookSameDay" : "import.lookNear", { count: days })}
      </p>
      <span className="raw">
        {f.dateShort(read.date, true)} · {f.money(read.amountMinor, read.currency, { sign: "change", fraction: "full" })} · {[read.counterparty, read.description].filter(Boolean).join(" · ")}
      </span>
      <span className="raw quiet">
        {f.dateShort(twin.date, true)} · {[twin.counterparty, twin.description].filter(Boolean).join(" · ")}
      </span>
      <p className="acts">
        <button type="button" className="btn s" aria-pressed={choice === "add"} onClick={() => onDecide([look.index], "add")}>
          {t("import.lookAdd")}
        </button>
        <button type="button" className="btn s" aria-pressed={choice === "skip"} onClick={() => onDecide([look.index], "skip")}>
          {t("import.lookSkip")}
        </button>
      </p>
    </div>
  );
}

/** Rows the books have; each can be added all the same. */
export function There({ preview, decisions, onDecide }: { readonly preview: ImportPreview; readonly decisions: ImportDecisions; readonly onDecide: OnDecide }) {
  const { t, f } = useText();
  const { there, counts } = preview;
  if (counts.there === 0) return null;
  return (
    <section className="cell" aria-labelledby="there-h">
      <details>
        <summary>
          <h2 id="there-h">{t("import.thereTitle", { count: counts.there })}</h2>
        </summary>
        <div className="refused-list">
          {there.map(({ index, line, read }) => (
            <div className="look" key={index}>
              <p>
                <b>{t("import.line", { line })}</b> {f.dateShort(read.date, true)} · {f.money(read.amountMinor, read.currency, { sign: "change", fraction: "full" })} ·{" "}
                {[read.counterparty, read.description].filter(Boolean).join(" · ")}
              </p>
              <p className="acts">
                <button type="button" className="btn s" aria-pressed={decisions.get(index) === "add"} onClick={() => onDecide([index], decisions.get(index) === "add" ? "skip" : "add")}>
                  {t("import.thereAdd")}
                </button>
              </p>
            </div>
          ))}
        </div>
        {counts.there > there.length && <p className="say">{t("import.refusedMore", { count: counts.there - there.length })}</p>}
      </details>
    </section>
  );
}
