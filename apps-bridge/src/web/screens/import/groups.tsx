import type { ComparedRowView, ImportPreview, RowGroup } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import type { ImportDecisions, RowChoice } from "../../state/import-flow.tsx";
import { MoreRows, useGroupRows } from "./group-rows.tsx";

/** What changes what is done with a row. */
export type OnDecide = (index: number, group: RowGroup, choice: RowChoice) => void;
type OnDecideAll = (group: RowGroup, choice: RowChoice) => void;

interface GroupParts {
  readonly preview: ImportPreview;
  readonly decisions: ImportDecisions;
  readonly onDecide: OnDecide;
}

/** Rows that will be added, as things stand. */
export function rowsToAdd({ counts }: ImportPreview, { rows, usual }: ImportDecisions): number {
  let count = (usual.new === "add" ? counts.new : 0) + (usual.there === "add" ? counts.there : 0) + (usual.look === "add" ? counts.look : 0);
  for (const { group, choice } of rows.values()) if (usual[group] !== choice) count += choice === "add" ? 1 : -1;
  return count;
}

/** Rows to look at that nobody decided about: they are left out. */
export function looksLeft({ counts }: ImportPreview, { rows, decided }: ImportDecisions): number {
  return decided.has("look") ? 0 : counts.look - [...rows.values()].filter(({ group }) => group === "look").length;
}

/** True while nobody said what is done with a row to look at. */
export function isOpen(index: number | null, { rows, decided }: ImportDecisions): boolean {
  return index !== null && !decided.has("look") && !rows.has(index);
}

/** The three groups, and that they are all the file has. */
export function Counts({ preview }: { readonly preview: ImportPreview }) {
  const { t, f } = useText();
  const { counts } = preview;
  const parts = [counts.new, counts.there, counts.look, counts.refused, counts.skipped].filter((part) => part > 0).map((part) => f.number(part));
  const sum = `${parts.length > 1 ? `${parts.join(" + ")} = ` : ""}${f.number(counts.total)}`;
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
export function Looks({ preview, decisions, onDecide, onDecideAll }: GroupParts & { readonly onDecideAll: OnDecideAll }) {
  const { t } = useText();
  const group = useGroupRows(preview, "look", preview.looks);
  const { count, rows } = group;
  if (count === 0) return null;
  return (
    <section className="cell" aria-labelledby="looks-h">
      <div className="h">
        <h2 id="looks-h">{t("import.looksTitle", { count })}</h2>
      </div>
      <p className="say">{t("import.looksLead")}</p>
      {count > 1 && (
        <p className="acts look-all">
          <button type="button" className="btn s" onClick={() => onDecideAll("look", "add")}>
            {t("import.addAll")}
          </button>
          <button type="button" className="btn s" onClick={() => onDecideAll("look", "skip")}>
            {t("import.skipAll")}
          </button>
        </p>
      )}
      <div className="refused-list">
        {rows.map((look) => (
          <Look key={look.index} look={look} choice={isOpen(look.index, decisions) ? undefined : choiceOf(look, "look", decisions)} onDecide={onDecide} />
        ))}
      </div>
      <MoreRows group={group} />
    </section>
  );
}

function choiceOf({ index }: ComparedRowView, group: RowGroup, { rows, usual }: ImportDecisions): RowChoice {
  return rows.get(index)?.choice ?? usual[group];
}

function Look({ look, choice, onDecide }: { readonly look: ComparedRowView; readonly choice: RowChoice | undefined; readonly onDecide: OnDecide }) {
  const { t, f } = useText();
  const { read, twin } = look;
  const days = twin === null ? 0 : Math.round(Math.abs(Date.parse(read.date) - Date.parse(twin.date)) / 86_400_000);
  return (
    <div className="look">
      <p>
        <b>{t("import.line", { line: look.line })}</b> {t(days === 0 ? "import.lookSameDay" : "import.lookNear", { count: days })}
      </p>
      <span className="raw">{useRowText(look)}</span>
      {twin !== null && (
        <span className="raw quiet">
          {f.dateShort(twin.date, true)} · {[twin.counterparty, twin.description].filter(Boolean).join(" · ")}
        </span>
      )}
      <p className="acts">
        <button type="button" className="btn s" aria-pressed={choice === "add"} onClick={() => onDecide(look.index, "look", "add")}>
          {t("import.lookAdd")}
        </button>
        <button type="button" className="btn s" aria-pressed={choice === "skip"} onClick={() => onDecide(look.index, "look", "skip")}>
          {t("import.lookSkip")}
        </button>
      </p>
    </div>
  );
}

/** A row as one line: day, money, who and what for. */
function useRowText({ read }: ComparedRowView): string {
  const { f } = useText();
  const words = [read.counterparty, read.description].filter(Boolean).join(" · ");
  return [f.dateShort(read.date, true), f.money(read.amountMinor, read.currency, { sign: "change", fraction: "full" }), words].filter((part) => part !== "").join(" · ");
}

/** Rows the books have; each can be added all the same, and all of them. */
export function There({ preview, decisions, onDecide, onDecideAll }: GroupParts & { readonly onDecideAll: OnDecideAll }) {
  const { t } = useText();
  const group = useGroupRows(preview, "there", preview.there);
  const { count, rows } = group;
  if (count === 0) return null;
  const usual = decisions.usual.there === "add" ? "skip" : "add";
  return (
    <Folded title={t("import.thereTitle", { count })} id="there-h" onOpen={group.start}>
      {count > 1 && (
        <p className="acts look-all">
          <button type="button" className="btn s" aria-pressed={usual === "skip"} onClick={() => onDecideAll("there", usual)}>
            {t("import.thereAddAll")}
          </button>
        </p>
      )}
      <Rows rows={rows} group="there" decisions={decisions} onDecide={onDecide} />
      <MoreRows group={group} />
    </Folded>
  );
}

/** Rows that are new; each can be left out. */
export function New({ preview, decisions, onDecide }: GroupParts) {
  const { t } = useText();
  const group = useGroupRows(preview, "new", []);
  if (group.count === 0) return null;
  return (
    <Folded title={t("import.newTitle", { count: group.count })} id="new-h" onOpen={group.start}>
      <Rows rows={group.rows} group="new" decisions={decisions} onDecide={onDecide} />
      <MoreRows group={group} />
    </Folded>
  );
}

function Folded(props: { readonly title: string; readonly id: string; readonly onOpen: () => void; readonly children: React.ReactNode }) {
  const { title, id, onOpen, children } = props;
  return (
    <section className="cell" aria-labelledby={id}>
      <details onToggle={(event) => event.currentTarget.open && onOpen()}>
        <summary>
          <h2 id={id}>{title}</h2>
        </summary>
        {children}
      </details>
    </section>
  );
}

function Rows(props: { readonly rows: readonly ComparedRowView[]; readonly group: "new" | "there"; readonly decisions: ImportDecisions; readonly onDecide: OnDecide }) {
  const { rows, group, decisions, onDecide } = props;
  return (
    <div className="refused-list">
      {rows.map((row) => (
        <RowLine key={row.index} row={row} group={group} choice={choiceOf(row, group, decisions)} onDecide={onDecide} />
      ))}
    </div>
  );
}

function RowLine({ row, group, choice, onDecide }: { readonly row: ComparedRowView; readonly group: "new" | "there"; readonly choice: RowChoice; readonly onDecide: OnDecide }) {
  const { t } = useText();
  const other = group === "new" ? "skip" : "add";
  const usual = group === "new" ? "add" : "skip";
  return (
    <div className="look">
      <p>
        <b>{t("import.line", { line: row.line })}</b> {useRowText(row)}
      </p>
      <p className="acts">
        <button type="button" className="btn s" aria-pressed={choice === other} onClick={() => onDecide(row.index, group, choice === other ? usual : other)}>
          {t(group === "new" ? "import.leaveOut" : "import.thereAdd")}
        </button>
      </p>
    </div>
  );
}
