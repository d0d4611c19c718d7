import fc from "fast-check";
import { expect, test } from "vitest";
import { slicesOf, type FileBytes } from "../../file-bytes.ts";
import { encodeText } from "../testing/encode-text.ts";
import { readWhole } from "../testing/read-whole.ts";
import { readRows, understandFile } from "../index.ts";

/** A file of which only slices can be had, as one on a disk is. */
const behindSlices = (bytes: Uint8Array): FileBytes => ({ byteLength: bytes.length, subarray: (from, to) => bytes.slice(from, to) });

test("slices hold every byte once and end after a line or between characters", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 12 }), { maxLength: 20 }), fc.integer({ min: 4, max: 40 }), (lines, sizeMax) => {
      const bytes = new TextEncoder().encode(lines.join("\n"));
      const slices = [...slicesOf(bytes, 0, bytes.length, sizeMax)];
      expect(slices.flatMap((slice) => [...slice.bytes])).toEqual([...bytes]);
      for (const slice of slices) expect(() => new TextDecoder("utf-8", { fatal: true }).decode(slice.bytes)).not.toThrow();
    }),
  );
});

test.each(["utf-8", "windows-1251", "utf-16le"] as const)("a file of several slices is understood and read as one at hand (%s)", async (encoding) => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `${1 + (index % 28)}.03.2024;-${index},50;Оплата по счёту ${index};ООО Ромашка`);
  const bytes = encodeText(["Дата;Сумма;Назначение платежа;Контрагент", ...rows].join("\n"), encoding);
  const whole = await readWhole(bytes);
  const file = behindSlices(bytes);
  const understanding = await understandFile(file);
  expect(understanding).toEqual(whole.understanding);
  const read = [];
  for await (const batch of readRows(file, understanding)) read.push(...batch.rows);
  expect(read).toEqual(whole.rows);
});
