import { Fragment, type ReactNode } from "react";
import { columnRole, type ColumnRole, type ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";
import type { ImportOverrides } from "../../state/import-flow.tsx";

type Column = ImportPreview["columns"][number];
type Row = ImportPreview["rows"][number];

/** From this confidence on we are sure; below the second we could not tell. */
const sureFrom = 0.9;
const unsureBelow = 0.6;

/** A file with more columns than this would push our reading out of sight: then it stands first. */
const columnsBeforeReadingMax = 5;

/** The first rows as they are in the file, beside how we read them. Each column of the file may be given another meaning. */
export function PreviewTable({
  preview,
  overrides,
  onCorrect,
}: {
  readonly preview: ImportPreview;
  readonly overrides: ImportOverrides;
  readonly onCorrect: (overrides: ImportOverrides) => void;
}) {
  const { t, f } = useText();
  const { columns, rows, counts } = preview;
  const setRole = (index: number, role: ColumnRole): void => {
    const others = (overrides.roles ?? []).filter((given) => given.index !== index);
    onCorrect({ ...overrides, roles: [...others, { index, role }] });
  };
  const readFirst = columns.length > columnsBeforeReadingMax;
  const currencies = new Set(rows.flatMap((row) => row.read?.currency ?? []));
  const [only] = currencies.size === 1 ? currencies : [];
  return (
    <>
      <div className="scroll-x preview" tabIndex={0} role="region" aria-label={t("import.previewLabel", { count: rows.length })}>
        <table className="tbl stack imp" data-density="dense">
          <thead>
            <tr className="group-head">
              {inOrder(
                readFirst,
                <th key="raw" className="l rawcol" colSpan={columns.length}>
                  {t("import.asIs")}
                </th>,
                <th key="read" className="l" colSpan={4}>
                  {t("import.asRead")}
                </th>,
              )}
            </tr>
            <tr>
              {inOrder(
                readFirst,
                columns.map((column) => <RawHead key={column.index} column={column} onRole={(role) => setRole(column.index, role)} />),
                <Fragment key="read">
                  <ReadHead columns={columns} roles={["date"]} text={t("table.date")} />
                  <ReadHead columns={columns} roles={["counterparty", "payer", "payee", "description"]} text={t("table.counterparty")} />
                  <ReadHead columns={columns} roles={["amount", "debit", "credit"]} text={only === undefined ? t("table.amount") : t("table.amountIn", { sign: f.sign(only) })} right />
                  <th />
                </Fragment>,
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <PreviewRow key={row.line} row={row} columns={columns} readFirst={readFirst} withUnit={only === undefined} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="tbl-foot">{t("import.firstRows", { shown: rows.length, total: counts.total })}</p>
    </>
  );
}

function RawHead({ column, onRole }: { readonly column: Column; readonly onRole: (role: ColumnRole) => void }) {
  const { t, f, locale } = useText();
  const header = column.header === "" ? `#${column.index + 1}` : column.header;
  return (
    <th className="l rawcol" title={column.reason[locale]}>
      <span className={`conf ${toneOf(column)}`} aria-label={t("confidence.of", { percent: f.percent(column.confidence, 0) })}>
        {column.role === "ignored" ? "" : f.percent(column.confidence, 0)}
      </span>
      <span className="raw-name">{header}</span>
      <select aria-label={t("import.roleOf", { name: header })} value={column.role} onChange={(event) => onRole(columnRole.parse(event.target.value))}>
        {columnRole.options.map((role) => (
          <option key={role} value={role}>
            {t(`role.${role}`)}
          </option>
        ))}
      </select>
    </th>
  );
}

function ReadHead({ columns, roles, text, right = false }: { readonly columns: readonly Column[]; readonly roles: readonly ColumnRole[]; readonly text: string; readonly right?: boolean }) {
  const { f } = useText();
  const used = columns.filter((column) => roles.includes(column.role));
  const weakest = used.toSorted((a, b) => a.confidence - b.confidence)[0];
  return (
    <th className={right ? "" : "l"}>
      {weakest !== undefined && <span className={`conf ${toneOf(weakest)}`}>{f.percent(weakest.confidence, 0)}</span>}
      <br />
      {text}
    </th>
  );
}

function toneOf({ confidence, role }: Column): string {
  if (role === "ignored") return "off";
  return confidence >= sureFrom ? "ok" : confidence < unsureBelow ? "low" : "mid";
}

function inOrder(readFirst: boolean, raw: ReactNode, read: ReactNode): readonly ReactNode[] {
  return readFirst ? [read, raw] : [raw, read];
}

function PreviewRow(props: { readonly row: Row; readonly columns: readonly Column[]; readonly readFirst: boolean; readonly withUnit: boolean }) {
  const { row, columns, readFirst, withUnit } = props;
  const { t, f, locale } = useText();
  const { read } = row;
  const pill = { new: "ok", refused: "wait", skipped: "" }[row.state];
  return (
    <tr className={row.state === "refused" ? "flag" : row.state === "skipped" ? "faded" : ""}>
      {inOrder(
        readFirst,
        columns.map((column) => (
        <td key={column.index} className={`x rawcol raw cut ${isFigure(column.role) ? "" : "l"}`} title={row.raw[column.index]}>
          {row.raw[column.index] ?? ""}
        </td>
      )),
        <Fragment key="read">
          <td className="l dt">{read === null ? "" : f.dateShort(read.date, true)}</td>
          <td className="l ct cut" title={read?.counterparty ?? read?.description}>
            {read?.counterparty ?? read?.description ?? row.reason?.[locale] ?? ""}
          </td>
          <td className={`r am ${(read?.amountMinor ?? 0) > 0 ? "pos" : ""}`}>
            {read === null ? "" : f.money(read.amountMinor, read.currency, { sign: "change", fraction: "full", unit: withUnit })}
          </td>
          <td className="r st">
            <span className={`pill sq ${pill}`} title={row.reason?.[locale]}>
              {t(`import.state.${row.state}`)}
            </span>
          </td>
        </Fragment>,
      )}
      <td className="only-narrow raw rw">{row.raw.join(" ; ")}</td>
    </tr>
  );
}

function isFigure(role: ColumnRole): boolean {
  return ["amount", "otherAmount", "debit", "credit", "balance", "fee"].includes(role);
}
