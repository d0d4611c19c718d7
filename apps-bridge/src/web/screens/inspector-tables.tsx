import type { Inspection } from "../../bridge/contract/inspector.ts";
import { useText } from "../i18n/preferences.tsx";

/** Rows of each table, by its name in the database. */
export function InspectorTables({ tables }: { readonly tables: Inspection["tables"] }) {
  const { t, f } = useText();
  return (
    <section className="row inspector-table" aria-labelledby="tables-h">
      <div className="h in">
        <h2 id="tables-h">{t("inspector.tables")}</h2>
      </div>
      <table className="tbl">
        <thead>
          <tr>
            <th className="l">{t("inspector.table")}</th>
            <th>{t("inspector.rows")}</th>
            <th className="wrap">{t("inspector.rowsPending")}</th>
          </tr>
        </thead>
        <tbody>
          {tables.map(({ name, rows, pending }) => (
            <tr key={name} className={rows === 0 ? "quiet" : undefined}>
              <td className="l">
                <code>{name}</code>
              </td>
              <td>{f.number(rows)}</td>
              <td>{f.number(pending)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Where each shape stands. */
export function InspectorCursors({ shapes }: { readonly shapes: Inspection["shapes"] }) {
  const { t } = useText();
  const status = (value: string): string => (value === "live" ? t("inspector.statusLive") : value === "initial" ? t("inspector.statusInitial") : value);
  return (
    <section className="row inspector-table" aria-labelledby="cursors-h">
      <div className="h in">
        <h2 id="cursors-h">{t("inspector.cursors")}</h2>
      </div>
      <div className="scroll-x" role="region" aria-labelledby="cursors-h" tabIndex={0}>
        <table className="tbl">
          <thead>
            <tr>
              <th className="l">{t("inspector.shape")}</th>
              <th className="l">{t("inspector.status")}</th>
              <th>{t("inspector.position")}</th>
              <th>{t("inspector.offset")}</th>
              <th>{t("inspector.handle")}</th>
            </tr>
          </thead>
          <tbody>
            {shapes.map((shape) => (
              <tr key={shape.name}>
                <td className="l">
                  <code>{shape.name}</code>
                </td>
                <td className="l">{status(shape.status)}</td>
                <td>{shape.lsn}</td>
                <td>{shape.offset}</td>
                <td>{shape.handle ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
