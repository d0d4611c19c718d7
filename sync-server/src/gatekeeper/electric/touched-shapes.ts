import { scopeText } from "@saldo/schema";
import { fixShape, registeredShape } from "../registry.ts";
import type { ChangedRow } from "../../shapes/index.ts";
import type { FixedShape } from "../shape-source.ts";

/** The identity of a registered shape. */
export function shapeKey({ table, where, params }: FixedShape): string {
  return JSON.stringify([table, where, params]);
}

/** Keys of the registered shapes a changed row was or is in. A registered shape is an equality on the columns of its scope, so their values decide. */
export function touchedShapes({ schema, table, columns, old, row }: ChangedRow): readonly string[] {
  const shape = schema === "public" ? registeredShape(table) : undefined;
  if (shape === undefined) return [];
  const indexes = shape.scopeColumns.map((column) => columns.indexOf(column));
  const scopeIn = (texts: typeof row) => {
    const ids = indexes.map((index) => texts?.[index]).filter((id) => typeof id === "string");
    return ids.length === indexes.length ? scopeText(ids) : undefined;
  };
  const scopes = new Set([scopeIn(old), scopeIn(row)]);
  return [...scopes].flatMap((scope) => (scope === undefined ? [] : [shapeKey(fixShape(shape, scope))]));
}
