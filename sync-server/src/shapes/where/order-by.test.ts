import { expect, it } from "vitest";
import type { Table } from "../catalog/table.ts";
import { RequestRefused } from "../refusal.ts";
import { parseOrderBy } from "./order-by.ts";
import { testColumn } from "./testing/table.ts";

const table: Table = { oid: 1, schema: "public", name: "t", unpublished: [], partitioned: false, relations: [1], publicationEntries: [], columns: ["id", "Name", 'odd"one', "größe", "desc"].map((name) => testColumn(name, "text")) };

it.each([
  ["id", '"id" ASC'],
  [" ID  desc ", '"id" DESC'],
  ['"Name" ASC NULLS LAST,id desc nulls first', '"Name" ASC NULLS LAST, "id" DESC NULLS FIRST'],
  ['"odd""one", größe', '"odd""one" ASC, "größe" ASC'],
  ['"desc" desc', '"desc" DESC'],
])("reads %s", (text, sql) => expect(parseOrderBy(text, table)).toBe(sql));

it.each([
  "", ",", "id,", ",id", "name", "id; DROP TABLE t", "id --", "id /* x */", "1", "lower(id)", "id::text", "CASE WHEN true THEN id END", "(SELECT 1)", "id COLLATE \"C\"", "id USING <", "t.id", "id id",
  "id NULLS", "id NULLS FIRST DESC", 'id" ASC', "id ASC DESC", "(id)", "$1", "id\u0000", "id DESCNULLS FIRST",
])("refuses %j", (text) => expect(() => parseOrderBy(text, table)).toThrow(RequestRefused));
