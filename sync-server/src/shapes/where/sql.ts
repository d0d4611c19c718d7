import type { Table } from "../catalog/table.ts";
import { quoteIdentifier } from "../identifiers.ts";
import type { BoundWhere, Term } from "./term.ts";

/** A predicate as SQL text without any of its values, and the values by the place it reads them from. */
export interface WhereSql {
  readonly text: string;
  /** Texts of the parameters (or settings), in order of their number. */
  readonly values: readonly string[];
}

/** Writes a term as SQL; `constant` says how a slot is read. */
export function renderTerm(term: Term, table: Table, constant: (slot: number) => string): string {
  switch (term.kind) {
    case "column":
      return quoteIdentifier(table.columns[term.index]?.name ?? "");
    case "constant":
      return constant(term.slot);
    case "call":
      return term.operation.sql(term.args.map((arg) => renderTerm(arg, table, constant)));
  }
}

const truth: Readonly<Record<string, string>> = { t: "TRUE", f: "FALSE" };

/** `source` reads the `n`th value as text; it is also told how long the text is and what type it becomes. */
function render(bound: BoundWhere, table: Table, texts: readonly (string | null)[], first: number, source: (number: number, text: string, typeSql: string) => string): WhereSql {
  const values: string[] = [];
  const constant = (slot: number): string => {
    const text = texts[slot] ?? null;
    const typeSql = bound.constants[slot]?.typeSql ?? "text";
    if (text === null) return `NULL::${typeSql}`;
    const plain = typeSql === "pg_catalog.bool" ? truth[text] : undefined;
    if (plain !== undefined) return plain;
    values.push(text);
    return source(first + values.length - 1, text, typeSql);
  };
  return { text: renderTerm(bound.term, table, constant), values };
}

/** The predicate for an ordinary query: values are the parameters `$first`, `$first+1` …. `texts` are its constants as Postgres rendered them. */
export function whereWithParameters(bound: BoundWhere, table: Table, texts: readonly (string | null)[], first = 1): WhereSql {
  return render(bound, table, texts, first, (number, _, typeSql) => `$${number}::text::${typeSql}`);
}

const settingName = (number: number): string => `shapes.p${number}`;
/** Longer values, and arrays, are read once for the query rather than once for each row. */
const inlineCharsMax = 200;

/** The predicate for COPY, which takes no parameters: values are settings of the transaction, see {@link settingsQuery}. */
export function whereWithSettings(bound: BoundWhere, table: Table, texts: readonly (string | null)[], first = 1): WhereSql {
  return render(bound, table, texts, first, (number, text, typeSql) => {
    const value = `current_setting('${settingName(number)}')::${typeSql}`;
    return typeSql.endsWith("]") || text.length > inlineCharsMax ? `(SELECT ${value})` : value;
  });
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
