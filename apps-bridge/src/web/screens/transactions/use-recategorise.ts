import { selectionMax } from "@saldo/schema";
import type { TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, type Core } from "../../state/bridge.tsx";
import { grouped } from "./grouped.ts";

/** Gives rows another category; the message that says so can take it back. */
export function useRecategorise() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (rows: readonly TransactionRow[]) => {
    for (const [categoryId, group] of grouped(rows, (row) => row.categoryId)) await setCategory(core, group, categoryId);
  });
  const change = useAction(async (rows: readonly TransactionRow[], categoryId: string | null, categoryName: string) => {
    await setCategory(core, rows, categoryId);
    toast(t("transactions.recategorised", { count: rows.length, name: categoryName }), { label: t("action.undo"), run: () => undo.start(rows) });
  });
  return { start: change.start, running: change.running || undo.running, error: change.error ?? undo.error };
}

async function setCategory(core: Core, rows: readonly TransactionRow[], categoryId: string | null): Promise<void> {
  for (let start = 0; start < rows.length; start += selectionMax) {
    const ids = rows.slice(start, start + selectionMax).map((row) => row.id);
    await core.call("transactions.recategorise", { ids, categoryId });
  }
}
