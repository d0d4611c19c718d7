import { expect, it } from "vitest";
import { decodePgOutput } from "./pgoutput.ts";
import { filledFrom, lacksValues, reorderedTuple, sameValue, textAt, type Tuple } from "./tuple.ts";

const text = (value: string): Buffer => Buffer.from(`${value}\0`);
const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes;
};
const letter = (value: string): Buffer => Buffer.from(value, "latin1");
const value = (content: string | null | undefined): Buffer => {
  if (content === undefined) return letter("u");
  return content === null ? letter("n") : Buffer.concat([letter("t"), int32(Buffer.byteLength(content)), Buffer.from(content)]);
};
const tuple = (...values: (string | null | undefined)[]): Buffer => Buffer.concat([int16(values.length), ...values.map(value)]);

const texts = (row: Tuple | undefined): unknown => row && row.places.filter((_, at) => at % 2 === 0).map((_, index) => textAt(row, index));

const relation = Buffer.concat([letter("R"), int32(7), text("public"), text("t"), letter("f"), int16(2), Buffer.from([1]), text("id"), int32(23), int32(-1), Buffer.from([0]), text("имя"), int32(1043), int32(14)]);
const update = Buffer.concat([letter("U"), int32(7), letter("O"), tuple("1", "старое"), letter("N"), tuple("1", undefined)]);

it("decodes each kind of message", () => {
  expect(decodePgOutput(Buffer.concat([letter("B"), int64(0xffff_ffff_fffen), int64(0n), int32(-2)]))).toEqual({ kind: "begin", commitLsn: 0xffff_ffff_fffen, xid: 4_294_967_294 });
  expect(decodePgOutput(Buffer.concat([letter("C"), Buffer.from([0]), int64(5n), int64(9n), int64(0n)]))).toEqual({ kind: "commit", commitLsn: 5n, endLsn: 9n });
  expect(decodePgOutput(relation)).toEqual({
    kind: "relation",
    oid: 7,
    schema: "public",
    name: "t",
    replicaIdentity: "f",
    columns: [{ name: "id", typeOid: 23, typeMod: -1 }, { name: "имя", typeOid: 1043, typeMod: 14 }],
  });
  const insert = decodePgOutput(Buffer.concat([letter("I"), int32(7), letter("N"), tuple("1", null)]));
  expect(insert).toMatchObject({ kind: "insert", oid: 7 });
  expect(insert.kind === "insert" && texts(insert.row)).toEqual(["1", null]);
  const updated = decodePgOutput(update);
  expect(updated).toMatchObject({ kind: "update", oid: 7 });
  expect(updated.kind === "update" && [texts(updated.old), texts(updated.row)]).toStrictEqual([["1", "старое"], ["1", undefined]]);
  const removed = decodePgOutput(Buffer.concat([letter("D"), int32(7), letter("O"), tuple("1", "x")]));
  expect(removed.kind === "delete" && [removed.oid, texts(removed.old)]).toEqual([7, ["1", "x"]]);
  expect(decodePgOutput(Buffer.concat([letter("T"), int32(2), Buffer.from([0]), int32(7), int32(8)]))).toEqual({ kind: "truncate", oids: [7, 8] });
  expect(decodePgOutput(Buffer.concat([letter("Y"), int32(1)]))).toEqual({ kind: "other" });
});

it("fills unchanged values in from the old row, compares values and reorders columns", () => {
  const long = "y".repeat(100);
  const rows = decodePgOutput(Buffer.concat([letter("U"), int32(7), letter("O"), tuple("1", "старое", null, long), letter("N"), tuple("2", undefined, null, long)]));
  if (rows.kind !== "update" || rows.old === undefined) throw new Error("not an update");
  const { old, row } = rows;
  expect([lacksValues(old), lacksValues(row)]).toEqual([false, true]);
  const filled = filledFrom(old, row);
  expect(texts(filled)).toEqual(["2", "старое", null, long]);
  expect([0, 1, 2, 3].map((index) => sameValue(old, filled, index))).toEqual([false, true, true, true]);
  expect(texts(reorderedTuple(filled, [3, 0, 2, 1]))).toEqual([long, "2", null, "старое"]);
});

it("throws on a message that is cut anywhere", () => {
  for (const whole of [relation, update]) for (let length = 1; length < whole.length; length++) expect(() => decodePgOutput(whole.subarray(0, length))).toThrow(RangeError);
});
