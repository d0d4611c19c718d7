import { adviseWorkspace, withDecisions } from "@saldo/client-core/recommendations";
import { decidedShownMax } from "../bridge/contract/recommendations.ts";
import type { Core } from "./core.ts";
import { keptAnswer } from "./kept-answer.ts";
import { watchBooks } from "./live-books.ts";
import type { HandlersOf } from "./part.ts";

/** What advice is worked out of. */
const ledgerTables = ["transaction", "import", "category", "account", "workspace"];

const dayMs = 86_400_000;

/** Recommendations: worked out on the device, kept once somebody decided on them. */
export function recommendationHandlers(core: Core): HandlersOf<"recommendations"> {
  const advise = keptAnswer(core, ledgerTables, ({ reader, workspaceId, today }) => adviseWorkspace(reader, { workspaceId, today }));
  return {
    "recommendations.watch": (_params, context) =>
      Promise.resolve(
        watchBooks(
          core,
          [...ledgerTables, "recommendation", "report_result"],
          async (view) => {
            const advice = await advise(view);
            const standing = await withDecisions(view.reader, view.workspaceId, advice, view.now);
            const isOpen = ({ status }: (typeof standing)[number]) => status === "open";
            return { report: advice.report, open: standing.filter(isOpen), decided: standing.filter((one) => !isOpen(one)).slice(0, decidedShownMax) };
          },
          context,
        ),
      ),
    async "recommendations.decide"({ item, currency, decision }) {
      const { books } = core.opened();
      const decidedAt = books.nowInstant();
      const snoozedUntil = decision.status === "snoozed" ? new Date(Date.parse(decidedAt) + decision.days * dayMs).toISOString() : null;
      const stored = snoozedUntil === null ? decision : { status: "snoozed", snoozedUntil };
      const args = { item, currency, decision: stored, decidedAt };
      return { undoId: await books.history.record([{ name: "recommendation.decide", args }]), snoozedUntil };
    },
  };
}
