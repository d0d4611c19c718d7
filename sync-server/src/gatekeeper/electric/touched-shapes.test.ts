import { scopeText, shapes } from "@saldo/schema";
import { describe, expect, it } from "vitest";
import { fixShape } from "../registry.ts";
import { shapeKey, touchedShapes } from "./touched-shapes.ts";

describe("the shapes a changed row touches", () => {
  it.each(shapes.map((shape) => [shape.name, shape] as const))("are found by the scope of %s", (_, shape) => {
    const columns = [...shape.columns].toReversed();
    const rowOf = (scope: string) => columns.map((column) => (column === shape.scopeColumns.at(-1) ? scope : "x"));
    const key = (scope: string) => shapeKey(fixShape(shape, scopeText([...shape.scopeColumns.slice(1).map(() => "x"), scope])));
    const change = { schema: "public", table: shape.name, columns };
    expect(touchedShapes({ ...change, old: undefined, row: rowOf("one") })).toEqual([key("one")]);
    expect(touchedShapes({ ...change, old: rowOf("one"), row: undefined })).toEqual([key("one")]);
    expect(touchedShapes({ ...change, old: rowOf("one"), row: rowOf("one") })).toEqual([key("one")]);
    expect(touchedShapes({ ...change, old: rowOf("one"), row: rowOf("two") })).toEqual([key("one"), key("two")]);
  });

  it("are none for a table that is no shape, in this schema or another", () => {
    const row = ["one"];
    expect(touchedShapes({ schema: "auth", table: "category", columns: ["workspace_id"], old: undefined, row })).toEqual([]);
    expect(touchedShapes({ schema: "public", table: "else", columns: ["workspace_id"], old: undefined, row })).toEqual([]);
    expect(touchedShapes({ schema: "public", table: "category", columns: ["workspace_id"], old: undefined, row: [null] })).toEqual([]);
  });
});
