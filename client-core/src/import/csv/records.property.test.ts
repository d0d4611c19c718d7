import fc from "fast-check";
import { expect, test } from "vitest";
import type { TextEncoding } from "../model.ts";
import { TextPieces } from "../text/pieces.ts";
import { RecordReader } from "./records.ts";

function encode(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === "utf-8") return new TextEncoder().encode(text);
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at += 1) view.setUint16(at * 2, text.charCodeAt(at), encoding === "utf-16le");
  return bytes;
}

/** Records and lines of a file decoded in pieces of a size. */
function split(text: string, encoding: TextEncoding, pieceBytesMax: number): { line: number; cells: string[] }[] {
  const reader = new RecordReader(new TextPieces(encode(text, encoding), encoding, 0, pieceBytesMax), { delimiter: ",", quote: '"' });
  const records: { line: number; cells: string[] }[] = [];
  for (let cells = reader.next(); cells !== undefined; cells = reader.next()) records.push({ line: reader.line, cells });
  return records;
}

const cells = fc.array(fc.array(fc.constantFrom("", "a", "ещё", "x,y", 'say "hi"', "two\nlines", "cr\r\nlf", "😀", "12.50", " "), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 12 });

test("however a file is cut into pieces, it splits into the records that were written, each on its line", () => {
  fc.assert(
    fc.property(cells, fc.integer({ min: 4, max: 40 }), fc.constantFrom("\n", "\r\n", "\r"), fc.constantFrom<TextEncoding>("utf-8", "utf-16le", "utf-16be"), (table, pieceBytesMax, lineEnd, encoding) => {
      const quoted = table.map((row) => row.map((cell) => (/[",\r\n ]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","));
      let line = 1;
      const written = table.map((row) => {
        const start = line;
        line += 1 + row.join("").split("\n").length - 1;
        return { line: start, cells: row };
      });
      expect(split(quoted.join(lineEnd) + lineEnd, encoding, pieceBytesMax)).toEqual(written);
    }),
    { numRuns: 600 },
  );
});
