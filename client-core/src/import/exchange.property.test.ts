import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TextEncoding } from "./index.ts";
import { encodeText } from "./testing/encode-text.ts";
import { camtText, mt940Text, ofxText, oneCText, qifText, type Movement } from "./testing/exchange-files.ts";
import { readWhole } from "./testing/read-whole.ts";

const words = fc
  .array(fc.constantFrom(...Array.from("abcXYZ абвгдежз ЭЮЯ 0123456789 &<«».,-()")), { minLength: 3, maxLength: 40 })
  .map((letters) => letters.join("").replace(/\s+/g, " ").trim())
  .filter((text) => /[а-я]{2}/.test(text) && !/^opening balance$/i.test(text));
const movement = fc.record({
  day: fc.integer({ min: 0, max: 4000 }).map((days) => new Date(Date.UTC(2015, 0, 1 + days)).toISOString().slice(0, 10)),
  amountMinor: fc.integer({ min: -1e11, max: 1e11 }).filter((amount) => amount !== 0),
  text: words,
  name: words,
  id: fc.integer({ min: 1, max: 1e12 }).map(String),
});
const movements = fc.array(movement, { minLength: 1, maxLength: 15 });
const lineEnds = fc.constantFrom("\n", "\r\n");
const russian = fc.constantFrom<TextEncoding>("utf-8", "windows-1251", "ibm866");

const plain = ({ day, amountMinor, text, name }: Movement): readonly unknown[] => [day, amountMinor, "RUB", text, name];

async function expectEqual(bytes: Uint8Array, written: readonly Movement[]): Promise<void> {
  const { rows, refused, skipped } = await readWhole(bytes, { batchRows: 4, hints: { defaultCurrency: "RUB" } });
  expect([refused, skipped]).toEqual([[], []]);
  expect(rows.map((row) => [row.postedOn, row.amountMinor, row.currency, row.description, row.counterparty])).toEqual(written.map(plain));
}

/** Letters cp866 has not are left to the other encodings. */
function fits(written: readonly Movement[], encoding: TextEncoding): boolean {
  return encoding !== "ibm866" || written.every(({ text, name }) => !/[«»]/.test(text + name));
}

describe("generated statements are read as they were written", () => {
  test("1C text, in any encoding", async () => {
    await fc.assert(
      fc.asyncProperty(movements, lineEnds, russian, async (written, lineEnd, encoding) => {
        fc.pre(fits(written, encoding));
        await expectEqual(encodeText(oneCText(written, lineEnd), encoding), written);
      }),
      { numRuns: 150 },
    );
  });

  test("OFX, with point or comma", async () => {
    await fc.assert(
      fc.asyncProperty(movements, lineEnds, fc.constantFrom(".", ","), async (written, lineEnd, mark) => expectEqual(encodeText(ofxText(written, lineEnd, mark), "utf-8"), written)),
      { numRuns: 150 },
    );
  });

  test("MT940", async () => {
    await fc.assert(
      fc.asyncProperty(movements, lineEnds, async (written, lineEnd) => {
        fc.pre(written.every(({ text, name }) => text.charAt(27) !== " " && name.charAt(27) !== " " && text.charAt(26) !== " " && name.charAt(26) !== " "));
        await expectEqual(encodeText(mt940Text(written, lineEnd), "utf-8"), written);
      }),
      { numRuns: 150 },
    );
  });

  test("CAMT, with batches whose parts add up", async () => {
    await fc.assert(
      fc.asyncProperty(movements, lineEnds, fc.integer({ min: 1, max: 4 }), async (written, lineEnd, batchOf) => {
        const bytes = encodeText(camtText(written, lineEnd, batchOf), "utf-8");
        if (batchOf === 1) return expectEqual(bytes, written);
        const { rows } = await readWhole(bytes);
        expect(rows.map((row) => row.amountMinor)).toEqual(written.map(({ amountMinor }) => amountMinor));
        for (const row of rows) {
          expect(row.parts).toHaveLength(batchOf);
          expect(row.parts?.reduce((sum, part) => sum + part.amountMinor, 0)).toBe(row.amountMinor);
        }
        return undefined;
      }),
      { numRuns: 150 },
    );
  });

  test("QIF, in any order of the date, unless its order is asked for", async () => {
    await fc.assert(
      fc.asyncProperty(movements, lineEnds, fc.constantFrom("MDY", "DMY", "YMD"), async (written, lineEnd, order) => {
        const bytes = encodeText(qifText(written, lineEnd, order), "utf-8");
        const { understanding } = await readWhole(bytes, { hints: { defaultCurrency: "RUB" } });
        if (understanding.questions.some(({ code }) => code === "date_order")) return;
        await expectEqual(bytes, written);
      }),
      { numRuns: 150 },
    );
  });
});
