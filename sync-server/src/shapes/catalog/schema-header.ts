import type { Column, Table } from "./table.ts";

const intervalFields: ReadonlyMap<number, string> = new Map([
  [4, "YEAR"], [2, "MONTH"], [8, "DAY"], [1024, "HOUR"], [2048, "MINUTE"], [4096, "SECOND"], [6, "YEAR TO MONTH"], [1032, "DAY TO HOUR"],
  [3080, "DAY TO MINUTE"], [7176, "DAY TO SECOND"], [3072, "HOUR TO MINUTE"], [7168, "HOUR TO SECOND"], [6144, "MINUTE TO SECOND"],
]);

/** Postgres' type modifiers in words (src/backend/utils/adt: `typmodout` of each type). */
function modifiers(column: Column): Record<string, number | string> {
  const { typeMod, typeName } = column;
  if (typeMod < 0 || column.domain !== null) return {};
  switch (typeName) {
    case "varchar":
      return { max_length: typeMod - 4 };
    case "bpchar":
      return { length: typeMod - 4 };
    case "bit":
    case "varbit":
      return { length: typeMod };
    case "numeric": {
      const packed = typeMod - 4;
      return { precision: (packed >> 16) & 0xffff, scale: ((packed & 0x7ff) ^ 1024) - 1024 };
    }
    case "time":
    case "timetz":
    case "timestamp":
    case "timestamptz":
      return { precision: typeMod };
    case "interval": {
      const precision = typeMod & 0xffff;
      const fields = intervalFields.get((typeMod >> 16) & 0x7fff);
      return { ...(precision === 0xffff ? {} : { precision }), ...(fields === undefined ? {} : { fields }) };
    }
    default:
      return { type_mod: typeMod };
  }
}

/** The `electric-schema` header: JSON by column name, selected columns only. ASCII, because it travels as a header. */
export function schemaHeader(table: Table, selected: readonly number[]): string {
  const schema: Record<string, Record<string, number | string | boolean>> = {};
  for (const index of selected) {
    const column = table.columns[index];
    if (column === undefined) continue;
    schema[column.name] = {
      type: column.domain ?? column.typeName,
      ...(column.dims > 0 && column.domain === null ? { dims: column.dims } : {}),
      ...(column.pkIndex >= 0 ? { pk_index: column.pkIndex } : {}),
      ...(column.notNull ? { not_null: true } : {}),
      ...modifiers(column),
    };
  }
  return JSON.stringify(schema).replaceAll(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
