import { revertChangesMax } from "@saldo/schema";
import type { TransactionKind, TransactionRow } from "../../../bridge/contract/transactions.ts";
import { useText } from "../../i18n/preferences.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useAction, useCore, type Core } from "../../state/bridge.tsx";
import type { SplitPart } from "./split-parts.ts";

/** Gives rows another category; the message that says so can take it back. */
export function useRecategorise() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (steps: readonly string[]) => {
    for (const id of steps) await core.call("edits.undo", { id });
  });
  const change = useAction(async (rows: readonly TransactionRow[], categoryId: string | null, categoryName: string) => {
    const steps = await setCategory(core, rows, categoryId);
    toast(t("transactions.recategorised", { count: rows.length, name: categoryName }), { label: t("action.undo"), run: () => undo.start(steps) });
  });
  return { start: change.start, running: change.running || undo.running, error: change.error ?? undo.error };
}

/** Says what rows are by nature; the message that says so can take it back. */
export function useSetKind() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const change = useAction(async (rows: readonly TransactionRow[], kind: TransactionKind) => {
    const { undoId } = await core.call("transactions.setKind", { ids: rows.slice(0, revertChangesMax).map(({ id }) => id), kind });
    toast(t("transactions.recategorised", { count: rows.length, name: t(`kind.${kind}`) }), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  return { start: change.start, running: change.running || undo.running, error: change.error ?? undo.error };
}

/** Links two rows as the sides of a transfer; the message that says so can take it back. */
export function useLinkTransfer() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const link = useAction(async (one: TransactionRow, other: TransactionRow) => {
    const { undoId } = await core.call("transactions.linkTransfer", { ids: [one.id, other.id] });
    toast(t("transactions.linked"), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  return { start: link.start, running: link.running || undo.running, error: link.error ?? undo.error };
}

/** Splits a payment, or puts it together again without parts; the message that says so can take it back. */
export function useSplit() {
  const { t } = useText();
  const core = useCore();
  const toast = useToast();
  const undo = useAction(async (id: string) => {
    await core.call("edits.undo", { id });
  });
  const split = useAction(async (whole: TransactionRow, parts: readonly SplitPart[]) => {
    const { undoId } = await core.call("transactions.split", { id: whole.id, parts: [...parts] });
    toast(t("split.done", { count: parts.length }), undoId === null ? undefined : { label: t("action.undo"), run: () => undo.start(undoId) });
  });
  return { start: split.start, running: split.running || undo.running, error: split.error ?? undo.error };
}

/** Returns the steps by which it can be taken back, the last first. */
async function setCategory(core: Core, rows: readonly TransactionRow[], categoryId: string | null): Promise<string[]> {
  const steps: string[] = [];
  for (let start = 0; start < rows.length; start += revertChangesMax) {
    const ids = rows.slice(start, start + revertChangesMax).map((row) => row.id);
    const { undoId } = await core.call("transactions.recategorise", { ids, categoryId });
    if (undoId !== null) steps.unshift(undoId);
  }
  return steps;
}
