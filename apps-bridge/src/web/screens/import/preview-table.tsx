import { useState } from "react";
import { columnRole, type ColumnRole, type ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import type { ImportDecisions, ImportOverrides } from "../../state/import-flow.tsx";
import { isOpen, type OnDecide } from "./groups.tsx";

type Column = ImportPreview["columns"][number];
type Row = ImportPreview["rows"][number];

/** From this confidence on we are sure; below the second we could not tell. */
const sureFrom = 0.9;
const unsureBelow = 0.6;

/** Roles that put nothing into the books: their columns wait behind a button. */
const restingRoles: readonly ColumnRole[] = ["ignored", "otherAmount", "otherDate"];

/** The first rows as they are in the file, beside how we read them. Each column of the file may be given another meaning. */
export function PreviewTable({
  preview,
  overrides,
  onCorrect,
  decisions,
  onDecide,
}: {
  readonly preview: ImportPreview;
  readonly overrides: ImportOverrides;
  readonly onCorrect: (overrides: ImportOverrides) => void;
  readonly decisions: ImportDecisions;
  readonly onDecide: OnDecide;
}) {
  const { t, f } = useText();
  const { rows, counts } = preview;
  const [showsAll, setShowsAll] = useState(false);
  // Who has to find the date or the amount needs every column in sight.
  const resting = preview.missing.length > 0 ? 0 : preview.columns.filter(({ role }) => restingRoles.includes(role)).length;
  const columns = showsAll || resting === 0 ? preview.columns : preview.columns.filter(({ role }) => !restingRoles.includes(role));
  const setRole = (index: number, role: ColumnRole): void => {
    const others = (overrides.roles ?? []).filter((given) => given.index !== index);
    onCorrect({ ...overrides, roles: [...others, { index, role }] });
  };
  const currencies = new Set(rows.flatMap((row) => row.read?.currency ?? []));
  const [only] = currencies.size === 1 ? currencies : [];
  return (
    <>
      <div className="scroll-x preview" tabIndex={0} role="region" aria-label={t("import.previewLabel", { count: rows.length })}>
        <table className="tbl stack imp" data-density="dense">
          <thead>
            <tr className="group-head">
              <th className="l rawcol" colSpan={columns.length}>
                {t("import.asIs")}
              </th>
              <th className="l readcol c-date" colSpan={4}>
                {t("import.asRead")}
              </th>
            </tr>
            <tr>
              {columns.map((column) => (
                <RawHead key={column.index} column={column} onRole={preview.isTable ? (role) => setRole(column.index, role) : null} />
              ))}
              <ReadHead columns={columns} roles={["date"]} text={t("table.date")} place="c-date" />
              <ReadHead columns={columns} roles={["counterparty", "payer", "payee", "description"]} text={t("table.counterparty")} place="c-who" />
              <ReadHead columns={columns} roles={["amount", "debit", "credit"]} text={only === undefined ? t("table.amount") : t("table.amountIn", { sign: f.sign(only) })} place="c-amount" />
              <th className="readcol c-state">
                <span className="sr">{t("import.stateColumn")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <PreviewRow key={row.line} row={row} columns={columns} withUnit={only === undefined} decisions={decisions} onDecide={onDecide} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="tbl-foot">
        {counts.total > 0 && t("import.firstRows", { shown: rows.length, total: counts.total })}
        {resting > 0 && (
          <button type="button" className="link only-wide" aria-pressed={showsAll} onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? t("import.hideColumns") : t("import.showColumns", { count: resting })}
          </button>
        )}
      </p>
    </>
  );
}

function RawHead({ column, onRole }: { readonly column: Column; readonly onRole: ((role: ColumnRole) => void) | null }) {
  const { t, f, locale } = useText();
  const header = column.header === "" ? `#${column.index + 1}` : column.header;
  return (
    <th className="l rawcol" title={column.reason[locale]}>
      {restingRoles.includes(column.role) ? (
        <span className="conf off" />
      ) : (
        <span className={`conf ${toneOf(column)}`}>
          <span className="sr">{t("confidence.of", { percent: f.percent(column.confidence, 0) })}</span>
          <span aria-hidden="true">{f.percent(column.confidence, 0)}</span>
        </span>
      )}
      <span className="raw-name">{header}</span>
      {onRole === null ? (
        <span className="raw-name">{t(`role.${column.role}`)}</span>
      ) : (
        <select aria-label={t("import.roleOf", { name: header })} value={column.role} onChange={(event) => onRole(columnRole.parse(event.target.value))}>
          {columnRole.options.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      )}
    </th>
  );
}

function ReadHead(props: { readonly columns: readonly Column[]; readonly roles: readonly ColumnRole[]; readonly text: string; readonly place: string }) {
  const { f } = useText();
  const { columns, roles, text, place } = props;
  const used = columns.filter((column) => roles.includes(column.role));
  const weakest = used.toSorted((a, b) => a.confidence - b.confidence)[0];
  return (
    <th className={`readcol ${place}${place === "c-amount" ? "" : " l"}`}>
      {weakest !== undefined && <span className={`conf ${toneOf(weakest)}`}>{f.percent(weakest.confidence, 0)}</span>}
      <br />
      {text}
    </th>
  );
}

function toneOf({ confidence, role }: Column): string {
  if (restingRoles.includes(role)) return "off";
  return confidence >= sureFrom ? "ok" : confidence < unsureBelow ? "low" : "mid";
}

interface PreviewRowParts {
  readonly row: Row;
  readonly columns: readonly Column[];
  readonly withUnit: boolean;
  readonly decisions: ImportDecisions;
  readonly onDecide: OnDecide;
}

const tones = { new: "ok", there: "", look: "wait", refused: "wait", skipped: "", unread: "" } as const;

function PreviewRow({ row, columns, withUnit, decisions, onDecide }: PreviewRowParts) {
  const { t, f, locale } = useText();
  const { read, index, state } = row;
  const group = state === "there" || state === "look" ? state : "new";
  const usual = group === "new" ? "add" : "skip";
  const now = (index === null ? undefined : decisions.rows.get(index)?.choice) ?? decisions.usual[group];
  const isFlagged = state === "refused" || (state === "look" && isOpen(index, decisions));
  return (
    <tr className={isFlagged ? "flag" : state === "skipped" || now === "skip" ? "faded" : ""}>
      {columns.map((column) => (
        <td key={column.index} className={`x rawcol raw cut ${isFigure(column.role) ? "" : "l"}`} title={row.raw[column.index]}>
          {row.raw[column.index] ?? ""}
        </td>
      ))}
      {read === null ? (
        <td className="l ct cut readcol c-why" colSpan={3} title={row.reason?.[locale]}>
          {row.reason?.[locale] ?? ""}
        </td>
      ) : (
        <>
          <td className="l dt readcol c-date">{f.dateShort(read.date, true)}</td>
          <td className="l ct cut readcol c-who" title={read.counterparty ?? read.description}>
            {read.counterparty ?? read.description}
          </td>
          <td className={`r am readcol c-amount ${read.amountMinor > 0 ? "pos" : ""}`}>
            {f.money(read.amountMinor, read.currency, { sign: "change", fraction: "full", unit: withUnit })}
          </td>
        </>
      )}
      <td className="r st readcol c-state">
        {index === null ? (
          <span className={`pill sq ${tones[state]}`} title={row.reason?.[locale]}>
            {t(`import.state.${state}`)}
          </span>
        ) : (
          <button
            type="button"
            className={`pill sq ${now === usual ? tones[state] : now === "add" ? "ok" : ""}`}
            aria-pressed={now !== usual}
            title={t(now === "add" ? "import.pressToSkip" : "import.pressToAdd")}
            onClick={() => onDecide(index, group, now === "add" ? "skip" : "add")}
          >
            {now === usual ? t(`import.state.${state}`) : t(now === "add" ? "import.state.added" : "import.state.leftOut")}
          </button>
        )}
      </td>
      <td className="only-narrow raw rw">{row.raw.join(" ; ")}</td>
    </tr>
  );
}

function isFigure(role: ColumnRole): boolean {
  return ["amount", "otherAmount", "debit", "credit", "balance", "fee"].includes(role);
}
