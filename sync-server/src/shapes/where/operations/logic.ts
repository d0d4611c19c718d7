import type { Operation } from "../term.ts";
import type { Value } from "../values/value.ts";

/** Left-most decisive value wins; NULL is kept unless a later operand decides. */
function junction(decisive: boolean): Extract<Operation["build"], (...args: never) => unknown> {
  return (args) => {
    const reads = args.map(({ read }) => read);
    return (row) => {
      let result: Value = !decisive;
      for (const read of reads) {
        const value = read(row);
        if (value === decisive) return decisive;
        if (value === null) result = null;
      }
      return result;
    };
  };
}

/** `a AND b AND …` */
export const and: Operation = { sql: (args) => `(${args.join(" AND ")})`, build: junction(false), logic: "and" };
/** `a OR b OR …` */
export const or: Operation = { sql: (args) => `(${args.join(" OR ")})`, build: junction(true), logic: "or" };

/** `NOT a` */
export const not: Operation = {
  sql: ([a = ""]) => `(NOT ${a})`,
  build: ([a]) => (row) => {
    const value = a?.read(row) ?? null;
    return value === null ? null : !value;
  },
};

/** `a IS NULL`, `a IS TRUE`, `a IS FALSE`; NULL of booleans is also called UNKNOWN. */
export const is: Record<"null" | "true" | "false" | "unknown", Operation> = {
  null: { sql: ([a = ""]) => `(${a} IS NULL)`, build: ([a]) => (row) => (a?.read(row) ?? null) === null },
  unknown: { sql: ([a = ""]) => `(${a} IS UNKNOWN)`, build: ([a]) => (row) => (a?.read(row) ?? null) === null },
  true: { sql: ([a = ""]) => `(${a} IS TRUE)`, build: ([a]) => (row) => (a?.read(row) ?? null) === true },
  false: { sql: ([a = ""]) => `(${a} IS FALSE)`, build: ([a]) => (row) => (a?.read(row) ?? null) === false },
};

/** `CASE WHEN a THEN b … ELSE z END`: arguments are a, b, …, z; all of `convert`ed to one type. */
export function caseOperation(converters: readonly (((value: Exclude<Value, null>) => Value) | undefined)[]): Operation {
  return {
    sql: (args) => {
      const branches: string[] = [];
      for (let at = 0; at + 1 < args.length; at += 2) branches.push(`WHEN ${args[at] ?? ""} THEN ${args[at + 1] ?? ""}`);
      return `(CASE ${branches.join(" ")} ELSE ${args.at(-1) ?? "NULL"} END)`;
    },
    build: (args) => {
      const read = args.map((arg, at) => {
        const convert = converters[at];
        return (row: Parameters<typeof arg.read>[0]): Value => {
          const value = arg.read(row);
          return value === null || convert === undefined ? value : convert(value);
        };
      });
      return (row) => {
        for (let at = 0; at + 1 < read.length; at += 2) if (read[at]?.(row) === true) return read[at + 1]?.(row) ?? null;
        return read.at(-1)?.(row) ?? null;
      };
    },
  };
}
