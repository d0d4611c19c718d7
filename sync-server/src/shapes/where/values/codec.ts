import type { Type } from "../types.ts";
import { readArray } from "./array.ts";
import { readDecimal, showDecimal } from "./decimal.ts";
import { readDate, readTime, readTimestamp, showDate, showTime, showTimestamp } from "./instant.ts";
import { readInterval } from "./interval.ts";
import { asBigint, asDecimal, asText, type Present, type Value } from "./value.ts";
import { unpad } from "./text.ts";

/** Reads the text Postgres shows for a value of a type. */
export function decoder(type: Type): (text: string) => Present {
  switch (type.kind) {
    case "bool":
      return (text) => text === "t" || text === "true";
    case "int2":
    case "int4":
    case "int8":
    case "integer":
      return BigInt;
    case "numeric":
      return readDecimal;
    case "float4":
      return (text) => Math.fround(Number(text));
    case "float8":
      return Number;
    case "date":
      return readDate;
    case "time":
      return readTime;
    case "timestamp":
    case "timestamptz":
      return readTimestamp;
    case "interval":
      return (text) => ({ interval: readInterval(text) });
    case "array":
      return arrayDecoder(type.element ?? type);
    default:
      return (text) => text;
  }
}

function arrayDecoder(element: Type): (text: string) => Present {
  const decode = decoder(element);
  return (text) => {
    const { items, lengths, bounds } = readArray(text);
    return { shape: { lengths, bounds }, elements: items.map((item): Value => (item === null ? null : decode(item))) };
  };
}

/** How `::text` shows a computed value; `undefined` when that is not exact here. */
export function encoder(type: Type): ((value: Present) => string) | undefined {
  switch (type.kind) {
    case "bool":
      return (value) => (value === true ? "true" : "false");
    case "int2":
    case "int4":
    case "int8":
    case "integer":
      return (value) => asBigint(value).toString();
    case "numeric":
      return (value) => showDecimal(asDecimal(value));
    case "text":
    case "varchar":
    case "uuid":
    case "enum":
    case "bytea":
      return asText;
    case "bpchar":
      return (value) => unpad(asText(value));
    case "date":
      return (value) => showDate(asBigint(value));
    case "time":
      return (value) => showTime(asBigint(value));
    case "timestamp":
      return (value) => showTimestamp(asBigint(value), "");
    case "timestamptz":
      return (value) => showTimestamp(asBigint(value), "+00");
    default:
      return undefined;
  }
}
