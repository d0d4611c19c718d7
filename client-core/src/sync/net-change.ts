import type { ShapeMessage, WireRow } from "./message.ts";

/** What a run of messages does to one row in the end. */
export type NetChange = {
  /** True when it begins with an insert: until then the server had no such row. */
  readonly isNew: boolean;
} & ({ readonly kind: "row"; readonly value: WireRow } | { readonly kind: "patch"; readonly value: WireRow } | { readonly kind: "delete" });

/** Folds messages, in order, into one change for each row. */
export function netChanges(messages: readonly ShapeMessage[]): Map<string, NetChange> {
  const changes = new Map<string, NetChange>();
  for (const { rowId, operation, value } of messages) {
    const before = changes.get(rowId);
    const isNew = before?.isNew ?? operation === "insert";
    if (operation === "delete") changes.set(rowId, { kind: "delete", isNew });
    else if (operation === "insert") changes.set(rowId, { kind: "row", value, isNew });
    else changes.set(rowId, updated(before, value, isNew));
  }
  return changes;
}

function updated(before: NetChange | undefined, value: WireRow, isNew: boolean): NetChange {
  if (before === undefined || before.kind === "delete") return { kind: "patch", value, isNew };
  return { kind: before.kind, value: { ...before.value, ...value }, isNew };
}
