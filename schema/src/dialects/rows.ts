import { z } from "zod";
import type { ColumnDeclaration, LogicalType } from "../tables/column.ts";
import { tables, type Row, type TableName } from "../tables/index.ts";

const jsonValue = z.json();

const schemas: Readonly<Record<LogicalType, z.ZodType>> = {
  id: z.string().min(1).max(64),
  text: z.string(),
  integer: z.int(),
  money: z.int(),
  real: z.number(),
  boolean: z.boolean(),
  date: z.iso.date(),
  instant: z.iso.datetime({ precision: 3 }),
  json: jsonValue,
  bytes: z.instanceof(Uint8Array),
};

/** The zod type of one column's value. */
export function columnSchema(column: ColumnDeclaration): z.ZodType {
  const base = column.values === undefined ? schemas[column.type] : z.enum(column.values);
  return column.nullable ? base.nullable() : base;
}

/** The zod type of a whole row of a table; unknown keys are refused, and an error names the columns at fault without their values. */
export function rowSchema<Name extends TableName>(name: Name): z.ZodType<Row<Name>> {
  const shape: Record<string, z.ZodType> = {};
  for (const [key, column] of Object.entries(tables[name].columns)) shape[key] = columnSchema(column);
  const whole = z.strictObject(shape);
  return z.custom<Row<Name>>((value) => whole.safeParse(value).success, {
    error: ({ input }) => {
      const columns = whole.safeParse(input).error?.issues.map((issue) => issue.path.join(".") || issue.code) ?? [];
      return `not a row of ${name}: ${[...new Set(columns)].join(", ")}`;
    },
  });
}
