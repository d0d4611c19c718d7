import { fixShape, registeredShape } from "../registry.ts";
import type { ChangedRow } from "../../shapes/index.ts";
import type { FixedShape } from "../shape-source.ts";

/** The identity of a registered shape. */
export function shapeKey({ table, where, params }: FixedShape): string {
  return JSON.stringify([table, where, params]);
}

/** Keys of the registered shapes a changed row was or is in. A registered shape is an equality on one column, so its value decides. */
export function touchedShapes({ schema, table, columns, old, row }: ChangedRow): readonly string[] {
  const shape = schema === "public" ? registeredShape(table) : undefined;
  if (shape === undefined) return [];
  const index = columns.indexOf(shape.scopeColumn);
  const scopes = new Set([old?.[index], row?.[index]]);
  return [...scopes].flatMap((scope) => (typeof scope === "string" ? [shapeKey(fixShape(shape, scope))] : []));
}
