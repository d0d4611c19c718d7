import type { Table } from "../catalog/table.ts";
import { quoteIdentifier } from "../identifiers.ts";
import type { BoundWhere, Condition, Operand } from "./expression.ts";

/** A predicate as SQL text without any of its values, and the values by the place it reads them from. */
export interface WhereSql {
  readonly text: string;
  /** Texts of the parameters (or settings), in order of their number. */
  readonly values: readonly string[];
}

/** How the predicate reads its `n`th value. */
type ValueSource = (number: number) => string;

function render(bound: BoundWhere, table: Table, texts: readonly (string | null)[], first: number, source: ValueSource): WhereSql {
  const values: string[] = [];
  const column = (index: number): string => quoteIdentifier(table.columns[index]?.name ?? "");
  const operand = (side: Operand): string => {
    if (side.kind === "column") return side.asText ? `${column(side.index)}::text` : column(side.index);
    const text = texts[side.slot] ?? null;
    const typeSql = bound.constants[side.slot]?.typeSql ?? "text";
    if (text === null) return `NULL::${typeSql}`;
    values.push(text);
    return `${source(first + values.length - 1)}::${typeSql}`;
  };
  const write = (condition: Condition): string => {
    switch (condition.kind) {
      case "truth":
        return condition.value === null ? "NULL::bool" : condition.value ? "TRUE" : "FALSE";
      case "and":
      case "or":
        return `(${write(condition.left)} ${condition.kind.toUpperCase()} ${write(condition.right)})`;
      case "not":
        return `(NOT ${write(condition.operand)})`;
      case "isNull":
        return `(${column(condition.index)} IS NULL)`;
      case "isTruth":
        return `(${write(condition.operand)} IS ${condition.value ? "TRUE" : "FALSE"})`;
      case "flag":
        return column(condition.index);
      case "compare":
        return `(${operand(condition.left)} ${condition.op} ${operand(condition.right)})`;
      case "in":
        return `(${operand(condition.operand)} IN (${condition.list.map(operand).join(", ")}))`;
    }
  };
  return { text: write(bound.condition), values };
}

/** The predicate for an ordinary query: values are the parameters `$first`, `$first+1` …. `texts` are its constants as Postgres rendered them. */
export function whereWithParameters(bound: BoundWhere, table: Table, texts: readonly (string | null)[], first = 1): WhereSql {
  return render(bound, table, texts, first, (number) => `$${number}::text`);
}

const settingName = (number: number): string => `shapes.p${number}`;

/** The predicate for COPY, which takes no parameters: values are settings of the transaction, see {@link settingsQuery}. */
export function whereWithSettings(bound: BoundWhere, table: Table, texts: readonly (string | null)[], first = 1): WhereSql {
  return render(bound, table, texts, first, (number) => `current_setting('${settingName(number)}')`);
}

/** A parameterised query for `client.query`. */
export interface SettingsQuery {
  readonly text: string;
  readonly values: [values: readonly string[], first: number];
}

/** Makes `values` the settings from number `first` on, until the end of the transaction it runs in. */
export function settingsQuery(values: readonly string[], first = 1): SettingsQuery {
  return {
    text: "SELECT count(set_config('shapes.p' || ($2::int - 1 + number), value, true)) FROM unnest($1::text[]) WITH ORDINALITY AS given (value, number)",
    values: [values, first],
  };
}
