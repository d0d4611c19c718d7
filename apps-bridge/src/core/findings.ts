import { examineWorkspace, reportedFinding, withVerdicts, type WorkspaceFindings } from "@saldo/client-core/findings";
import { readRows, type SqlReader } from "@saldo/client-core/store";
import { idOfFinding, SaldoError, selectionMax, type Finding, type FindingFacts, type FindingVerdict, type Row } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { findingsShownMax, type FindingsView } from "../bridge/contract/findings.ts";
import { readWords, wordsTable } from "./analysis-words.ts";
import type { Core } from "./core.ts";
import { keptAnswer } from "./kept-answer.ts";
import { watchBooks, type BooksView } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** What findings are computed from. */
const ledgerTables = ["transaction", "import", "category"];

/** Findings: computed on the device, kept once judged. */
export function findingHandlers(core: Core): HandlersOf<"findings"> {
  const examine = keptAnswer(core, ledgerTables, ({ reader, books, workspaceId }) => examineWorkspace(reader, workspaceId, () => books.pause()));
  const judge = async (finding: Finding, verdict: FindingVerdict, comment: string | null) => {
    const { books } = core.opened();
    const args = { finding, verdict, comment, feedbackId: books.ids.next(), createdAt: books.nowInstant() };
    return { undoId: await books.history.record([{ name: "finding.judge", args }]) };
  };
  return {
    "findings.watch": (_params, context) =>
      Promise.resolve(
        watchBooks(core, [...ledgerTables, "finding", wordsTable], async (view) => viewOf(view, await withVerdicts(view.reader, view.workspaceId, await examine(view))), context),
      ),
    "findings.judge": ({ finding, verdict, comment }) => judge(finding, verdict, comment),
    async "findings.reopen"({ stableKey }) {
      return { undoId: await core.opened().books.history.record([{ name: "finding.setStatus", args: { findingId: idOfFinding(stableKey), status: "open" } }]) };
    },
    async "findings.report"({ transactionId, comment }) {
      const { books } = core.opened();
      const { workspaceId } = await books.recordContext();
      const [row] = await readRows(books.database, "transaction", sql`where "workspace_id" = ${workspaceId} and "id" = ${transactionId}`);
      if (row === undefined) throw new SaldoError("mutation.row_missing", { table: "transaction" });
      return judge(reportedFinding(row), "right", comment);
    },
  };
}

async function viewOf({ reader, workspaceId, now }: BooksView, { open, judged, verdicts, quality, rows }: WorkspaceFindings): Promise<FindingsView> {
  const [openShown, judgedShown] = [open.slice(0, findingsShownMax), judged.slice(0, findingsShownMax)];
  const named = await readNamed(reader, workspaceId, [...openShown, ...judgedShown.map(({ finding }) => finding)]);
  const words = await readWords(reader, workspaceId, now);
  const said = new Map(words?.findings.map((one) => [one.stableKey, one]));
  const shown = (finding: Finding) => {
    const one = said.get(finding.stableKey);
    const isSame = one !== undefined && equalFacts(one.facts, finding.evidence.facts);
    return { finding, rows: finding.evidence.rows.flatMap(({ transactionId, role }) => named(transactionId, role)), inWords: words === null || !isSame ? null : { text: one.title, locale: words.locale } };
  };
  return {
    open: openShown.map(shown),
    judged: judgedShown.map(({ finding, verdict, judgedAt }) => ({ ...shown(finding), verdict, judgedAt })),
    openCount: open.length,
    judgedCount: judged.length,
    verdicts,
    quality,
    rowsExamined: rows,
  };
}

function equalFacts(a: FindingFacts, b: FindingFacts): boolean {
  const others = new Map(Object.entries(b));
  return Object.keys(a).length === others.size && Object.entries(a).every(([name, value]) => others.get(name) === value);
}

/** The rows findings name, as they are now. */
async function readNamed(reader: SqlReader, workspaceId: string, findings: readonly Finding[]) {
  const ids = [...new Set(findings.flatMap(({ evidence }) => evidence.rows.map(({ transactionId }) => transactionId)))];
  const rows = new Map<string, Row<"transaction">>();
  for (let start = 0; start < ids.length; start += selectionMax) {
    const some = sql.join(ids.slice(start, start + selectionMax).map((id) => sql`${id}`), sql`, `);
    for (const row of await readRows(reader, "transaction", sql`where "workspace_id" = ${workspaceId} and "id" in (${some})`)) rows.set(row.id, row);
  }
  return (id: string, role: "suspect" | "beside") => {
    const row = rows.get(id);
    if (row === undefined) return [];
    const { postedOn, amountMinor, currency, counterpartyName, description, categoryId } = row;
    return [{ id, postedOn, amountMinor, currency, counterparty: counterpartyName ?? "", description, categoryId, role }];
  };
}
