import { expect, it } from "vitest";
import { decodePgOutput } from "./pgoutput.ts";

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
  expect(decodePgOutput(Buffer.concat([letter("I"), int32(7), letter("N"), tuple("1", null)]))).toEqual({ kind: "insert", oid: 7, row: ["1", null] });
  expect(decodePgOutput(update)).toStrictEqual({ kind: "update", oid: 7, old: ["1", "старое"], row: ["1", undefined] });
  expect(decodePgOutput(Buffer.concat([letter("D"), int32(7), letter("O"), tuple("1", "x")]))).toEqual({ kind: "delete", oid: 7, old: ["1", "x"] });
  expect(decodePgOutput(Buffer.concat([letter("T"), int32(2), Buffer.from([0]), int32(7), int32(8)]))).toEqual({ kind: "truncate", oids: [7, 8] });
  expect(decodePgOutput(Buffer.concat([letter("Y"), int32(1)]))).toEqual({ kind: "other" });
});

it("has an unchanged value be an element, not a hole in the array", () => {
  const decoded = decodePgOutput(update);
  expect(decoded.kind === "update" && 1 in decoded.row).toBe(true);
});

it("throws on a message that is cut anywhere", () => {
  for (const whole of [relation, update]) for (let length = 1; length < whole.length; length++) expect(() => decodePgOutput(whole.subarray(0, length))).toThrow(RangeError);
});
