import type { ShapeMessage, WireRow } from "./message.ts";

/** What a run of messages does to one row in the end. */
export type NetChange = { readonly kind: "row"; readonly value: WireRow } | { readonly kind: "patch"; readonly value: WireRow } | { readonly kind: "delete" };

/** Folds messages, in order, into one change for each row. */
export function netChanges(messages: readonly ShapeMessage[]): Map<string, NetChange> {
  const changes = new Map<string, NetChange>();
  for (const { rowId, operation, value } of messages) {
    if (operation === "delete") changes.set(rowId, { kind: "delete" });
    else if (operation === "insert") changes.set(rowId, { kind: "row", value });
    else changes.set(rowId, updated(changes.get(rowId), value));
  }
  return changes;
}

function updated(before: NetChange | undefined, value: WireRow): NetChange {
  if (before === undefined || before.kind === "delete") return { kind: "patch", value };
  return { kind: before.kind, value: { ...before.value, ...value } };
}
