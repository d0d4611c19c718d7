import type { ImportPreview } from "../../../bridge/contract/import.ts";
import { useText } from "../../i18n/preferences.tsx";

/** Lines that should be transactions and could not be read, as they stand in the file and why. */
export function Refused({ preview }: { readonly preview: ImportPreview }) {
  const { t, locale } = useText();
  const { refusedLines, counts, format } = preview;
  const isSheet = format === "xlsx" || format === "xls" || format === "ods";
  if (counts.refused === 0) return null;
  return (
    <section className="cell" aria-labelledby="refused-h">
      <div className="h">
        <h2 id="refused-h">{t("import.refusedTitle", { count: counts.refused })}</h2>
      </div>
      <p className="say">{t("import.refusedLead")}</p>
      <div className="refused-list">
        {refusedLines.map((line) => (
          <div className="look" key={`${line.part ?? ""}:${line.line}`}>
            <p>
              <b>{line.part === null ? t(isSheet ? "import.row" : "import.line", { line: line.line }) : t(isSheet ? "import.rowOfPart" : "import.lineOfPart", { part: line.part, line: line.line })}</b> {line.reason[locale]}
            </p>
            {line.raw !== "" && <span className="raw">{line.raw}</span>}
          </div>
        ))}
      </div>
      {counts.refused > refusedLines.length && <p className="say">{t("import.refusedMore", { count: counts.refused - refusedLines.length })}</p>}
    </section>
  );
}
