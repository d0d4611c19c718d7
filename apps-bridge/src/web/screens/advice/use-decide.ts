import type { RecommendationView } from "../../../bridge/contract/recommendations.ts";
import { useText } from "../../i18n/preferences.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore } from "../../state/bridge.tsx";

/** What a person may say of a recommendation. */
export type Decision = { readonly status: "open" | "done" | "not_relevant" } | { readonly status: "snoozed"; readonly days: number };

/** Records a decision; the message that says so can take it back. */
export function useDecide() {
  const { t, f } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const decide = useAction(async ({ item, currency }: Pick<RecommendationView, "item" | "currency">, decision: Decision) => {
    const { undoId, snoozedUntil } = await core.call("recommendations.decide", { item, currency, decision });
    const said = {
      open: () => t("advice.reopenedToast"),
      done: () => t("advice.doneToast"),
      not_relevant: () => t("advice.notRelevantToast"),
      snoozed: () => t("advice.snoozedToast", { date: f.date((snoozedUntil ?? "").slice(0, 10), false) }),
    }[decision.status]();
    toast(said, undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  return { start: decide.start, running: decide.running || undo.running, error: decide.error ?? undo.error };
}
