import { expect, it } from "vitest";
import { tupleOf } from "../testing/tuple.ts";
import { bindWhere } from "../where/bind.ts";
import { columnsRead } from "../where/columns-read.ts";
import { compileWhere } from "../where/compile.ts";
import { equalityKeys } from "../where/equality.ts";
import { parseWhere } from "../where/parse.ts";
import type { Row } from "../where/row.ts";
import { testTable as table } from "../where/testing/table.ts";
import { ChangeRouter, type RoutedShape, type RowChange, TableRoutes } from "./change-router.ts";
import { RowEncoder } from "./row-encoder.ts";

interface CountedShape extends RoutedShape {
  evaluated: number;
}

function shape(where: string, params: readonly string[] = []): CountedShape {
  const bound = bindWhere(parseWhere(where, params), table);
  const texts = bound.constants.map((constant) => (constant.kind === "text" ? constant.text : null));
  const predicate = compileWhere(bound, texts, table);
  const equality = equalityKeys(bound, texts, table);
  const counted: CountedShape = {
    table,
    predicate: (row) => {
      counted.evaluated += 1;
      return predicate(row);
    },
    equality,
    columnsRead: columnsRead(bound, equality),
    relations: new Set([table.oid]),
    encoder: new RowEncoder(table, [0]),
    full: false,
    evaluated: 0,
  };
  return counted;
}

const rowOf = (id: number, name: string): Row => [String(id), name, "t"];
const insert = (row: Row): RowChange => ({ kind: "insert", old: undefined, row, oldBytes: undefined, rowBytes: tupleOf(...row) });
const update = (old: Row, row: Row): RowChange => ({ kind: "update", old, row, oldBytes: tupleOf(...old), rowBytes: tupleOf(...row) });

it("asks one of 10,000 shapes when each wants another value", () => {
  const routes = new TableRoutes<CountedShape>(table);
  const shapes = Array.from({ length: 10_000 }, (_, n) => shape("name = $1 AND done", [`w${n}`]));
  for (const each of shapes) routes.add(each);
  expect([...routes.candidates(insert(rowOf(1, "w77")))]).toEqual([shapes[77]]);
  expect([...routes.candidates(insert(rowOf(1, "w10000")))]).toEqual([]);
  expect([...routes.candidates(update(rowOf(1, "w1"), rowOf(1, "w2")))]).toEqual([shapes[1], shapes[2]]);
  for (const each of shapes) routes.remove(each);
  expect(routes.shapes.size).toBe(0);
});

it("finds shapes by any of several equalities, and those without one always", () => {
  const router = new ChangeRouter<CountedShape>();
  const [either, list, every] = [shape("name = 'a' OR id = 7"), shape("id = ANY('{1,2}')"), shape("amount > 1")];
  for (const each of [either, list, every]) router.add(each);
  const found = (row: Row): (CountedShape | undefined)[] => [...router.of(table.oid)].flatMap((routes) => [...routes.candidates(insert(row))]);
  expect(found(rowOf(7, "x"))).toEqual([every, either]);
  expect(found(rowOf(2, "a"))).toEqual([every, either, list]);
  expect(found(rowOf(3, "b"))).toEqual([every]);
  for (const each of [either, list, every]) router.remove(each);
  expect([...router.of(table.oid)]).toEqual([]);
});

it("gives clauses the texts of the columns they name, and no others", () => {
  const routes = new TableRoutes<CountedShape>(table);
  const row = tupleOf(...table.columns.map((_, index) => `v${index}`));
  expect(routes.texts(row).filter((text) => text !== undefined)).toEqual([]);
  const named = ["id", "name", "amount"].map((name) => table.columns.findIndex((column) => column.name === name));
  routes.add(shape("coalesce(name, 'x') = 'a' OR amount + id > 1"));
  expect(routes.texts(row).flatMap((text, index) => (text === `v${index}` ? [index] : []))).toEqual(named.toSorted((a, b) => a - b));
});
