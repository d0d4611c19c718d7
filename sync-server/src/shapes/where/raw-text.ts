import type { Column } from "../catalog/table.ts";
import { columnType, isExact, isInteger, sameType, type Type } from "./types.ts";
import { readDecimal, roundDecimal } from "./values/decimal.ts";
import { characters, unpad } from "./values/text.ts";

const oneText: ReadonlySet<Type["kind"]> = new Set<Type["kind"]>(["uuid", "bool", "enum", "bytea", "date", "time", "timestamp", "timestamptz"]);

/**
 * The one text a column shows when it equals a constant (given as Postgres shows it); `null` when it never does, `undefined` when equal
 * values of the column may have several texts.
 */
export function rawText(column: Column, constantType: Type, text: string): string | null | undefined {
  const type = columnType(column);
  if (type.kind === "text" || type.kind === "varchar") {
    if (constantType.kind === "bpchar") return type.kind === "text" ? unpad(text) : undefined;
    return constantType.kind === "text" || constantType.kind === "varchar" ? text : undefined;
  }
  if (isInteger(type) && isExact(constantType)) {
    const value = readDecimal(text);
    const whole = roundDecimal(value, 0);
    return value.special !== undefined || whole.digits * 10n ** BigInt(value.scale) !== value.digits ? null : whole.digits.toString();
  }
  if (!sameType(type, constantType)) return undefined;
  if (type.kind === "bpchar") return padded(column, unpad(text));
  return oneText.has(type.kind) ? text : undefined;
}

function padded(column: Column, text: string): string | null | undefined {
  if (column.typeMod < 4) return undefined;
  const missing = column.typeMod - 4 - characters(text);
  return missing < 0 ? null : text + " ".repeat(missing);
}
