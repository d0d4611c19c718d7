import { escapeLiteral } from "pg";
import type { Table } from "../catalog/table.ts";
import { quoteIdentifier } from "../identifiers.ts";
import type { BoundWhere, Condition, Operand } from "./expression.ts";

/** Renders a bound predicate as SQL, its constants as escaped literals (COPY takes no parameters). Nothing of the client's text is passed on as SQL. */
export function whereSql(bound: BoundWhere, table: Table): string {
  const column = (index: number): string => quoteIdentifier(table.columns[index]?.name ?? "");
  const operand = (side: Operand): string => {
    if (side.kind === "column") return side.asText ? `${column(side.index)}::text` : column(side.index);
    const constant = bound.constants[side.slot];
    const text = constant?.text ?? null;
    return `${text === null ? "NULL" : escapeLiteral(text)}::${constant?.typeSql ?? "text"}`;
  };
  const render = (condition: Condition): string => {
    switch (condition.kind) {
      case "truth":
        return condition.value === null ? "NULL::bool" : condition.value ? "TRUE" : "FALSE";
      case "and":
      case "or":
        return `(${render(condition.left)} ${condition.kind.toUpperCase()} ${render(condition.right)})`;
      case "not":
        return `(NOT ${render(condition.operand)})`;
      case "isNull":
        return `(${column(condition.index)} IS NULL)`;
      case "isTruth":
        return `(${render(condition.operand)} IS ${condition.value ? "TRUE" : "FALSE"})`;
      case "flag":
        return column(condition.index);
      case "compare":
        return `(${operand(condition.left)} ${condition.op} ${operand(condition.right)})`;
      case "in":
        return `(${operand(condition.operand)} IN (${condition.list.map(operand).join(", ")}))`;
    }
  };
  return render(bound.condition);
}
