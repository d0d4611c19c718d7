import { invalidRequest } from "../../refusal.ts";
import { builtin, isInstant, isInteger, type Type } from "../types.ts";
import { call, infix, type Operation, strict1, strict2 } from "../term.ts";
import { beginningOfTime, daysFromCivil, dayMicros, endOfTime, startOf } from "../values/instant.ts";
import { addInterval, type Interval } from "../values/interval.ts";
import { asBigint, asInterval } from "../values/value.ts";
import type { Typed } from "./arithmetic.ts";

const firstDate = BigInt(daysFromCivil(-4713, 11, 24));
const lastDate = BigInt(daysFromCivil(5_874_897, 12, 31));
const infinite = (value: bigint): boolean => value === endOfTime || value === beginningOfTime;

/** `date + days`; NULL where Postgres would fail because the date is out of range. */
function addDays(minus: boolean): Operation {
  return {
    sql: ([a = "", b = ""]) =>
      `(SELECT CASE WHEN n IS NULL THEN NULL WHEN NOT isfinite(d) THEN d WHEN n BETWEEN -5000000000 AND 5000000000 AND ${minus ? "-" : ""}n BETWEEN '4713-11-24 BC'::date - d AND '5874897-12-31'::date - d THEN d ${minus ? "-" : "+"} n::int4 END ` +
      `FROM (SELECT ${a} AS d, ${b}::pg_catalog.numeric AS n) AS shifted)`,
    build: strict2((a, b) => {
      const date = asBigint(a);
      const result = minus ? date - asBigint(b) : date + asBigint(b);
      if (infinite(date)) return date;
      return result < firstDate || result > lastDate ? null : result;
    }),
  };
}

/** `date - date`, in days; NULL for infinite ones, where Postgres fails. */
const daysBetween: Operation = {
  sql: ([a = "", b = ""]) => `(SELECT CASE WHEN isfinite(later) AND isfinite(earlier) THEN later - earlier END FROM (SELECT ${a} AS later, ${b} AS earlier) AS days)`,
  build: strict2((a, b) => (infinite(asBigint(a)) || infinite(asBigint(b)) ? null : asBigint(a) - asBigint(b))),
};

const earliest = BigInt(daysFromCivil(-3999, 1, 1)) * dayMicros;
const latest = BigInt(daysFromCivil(200_000, 1, 1)) * dayMicros;
const yearsMax = 500;
/** Within these bounds no sum can be out of range. */
const fits = ({ months, days, micros }: Interval): boolean => Math.abs(months) <= yearsMax * 12 && Math.abs(days) <= yearsMax * 366 && micros < 1n << 54n && micros > -(1n << 54n);
const infinities = "'-infinity', 'infinity'";

/** `timestamp ± interval`; NULL for timestamps outside 4000 BC … 200000 AD. Evaluated for constant intervals up to 500 years. */
function addTo(type: Type, minus: boolean, constantInterval: boolean): Operation {
  const result = type.kind === "timestamptz" ? builtin.timestamptz : builtin.timestamp;
  return {
    sql: ([a = "", b = ""]) =>
      `(SELECT CASE WHEN i IS NULL THEN NULL WHEN at IN (${infinities}) THEN at WHEN at BETWEEN '4000-01-01 BC' AND '200000-01-01' THEN at ${minus ? "-" : "+"} i END FROM (SELECT ${a}::${result.sql} AS at, ${b} AS i) AS shifted)`,
    build: constantInterval ? buildAddition(type, minus ? -1 : 1) : "adding an interval that is not a constant is not supported on changes",
  };
}

function buildAddition(type: Type, sign: number): Exclude<Operation["build"], string> {
  return ([a, b]) => {
    if (a === undefined || b?.constant === undefined || b.constant === null) return () => null;
    const given = asInterval(b.constant);
    if (typeof given === "string" || !fits(given)) throw invalidRequest("where", "an interval added to a time must be finite and at most 500 years");
    const interval: Interval = { months: sign * given.months, days: sign * given.days, micros: BigInt(sign) * given.micros };
    return strict1((value) => {
      const at = type.kind === "date" ? startOf(asBigint(value)) : asBigint(value);
      if (infinite(at)) return at;
      return at < earliest || at > latest ? null : addInterval(at, interval);
    })([a]);
  };
}

/** `+` and `-` with a date or timestamp; `undefined` when Postgres has no such operator. */
export function shiftTime(op: "+" | "-", left: Type, right: Type, constantRight: boolean): Typed | undefined {
  if (left.kind === "date" && isInteger(right)) return { operation: addDays(op === "-"), type: builtin.date };
  if (left.kind === "date" && right.kind === "date" && op === "-") return { operation: daysBetween, type: builtin.int4 };
  if (isInstant(left) && right.kind === "interval") {
    return { operation: addTo(left, op === "-", constantRight), type: left.kind === "timestamptz" ? left : builtin.timestamp };
  }
  const build = `${left.kind} ${op} ${right.kind} is not supported on changes`;
  if (isInstant(left) && isInstant(right) && op === "-") return { operation: { sql: infix(op), build }, type: builtin.interval };
  const lengths = [left.kind, right.kind].every((kind) => kind === "interval" || kind === "time");
  return lengths ? { operation: { sql: infix(op), build }, type: left.kind === "time" && right.kind === "interval" ? left : builtin.interval } : undefined;
}

/** `timezone('UTC', a)`: the same instant with or without its zone; other zones are Postgres' alone. */
export function atZone(utc: boolean): Operation {
  const sql = call("pg_catalog.timezone");
  return { sql, build: utc ? ([, b]) => strict1((value) => value)(b === undefined ? [] : [b]) : "time zones other than UTC are not supported on changes" };
}
