import fc from "fast-check";
import { expect, test } from "vitest";
import { WholeMessages } from "./reused-buffers.ts";

function message(kind: number, length: number): Buffer {
  const bytes = Buffer.alloc(5 + length, kind % 251);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(4 + length, 1);
  return bytes;
}

/** Reads `stream` in pieces of so many bytes at most, as a socket does; answers what was told of, each piece checked again before the next but one. */
function read(stream: Buffer, pieceBytes: readonly number[]): Buffer[] {
  const pieces = new WholeMessages();
  const told: { readonly bytes: Buffer; readonly copy: Buffer }[] = [];
  for (let [at, turn] = [0, 0]; at < stream.length; turn++) {
    const room = pieces.room();
    const bytes = Math.min(room.length, stream.length - at, pieceBytes[turn % pieceBytes.length] ?? 1);
    stream.copy(room, 0, at, at + bytes);
    at += bytes;
    const newest = told.at(-1);
    if (newest !== undefined) expect(newest.bytes.equals(newest.copy)).toBe(true);
    const whole = pieces.take(bytes);
    if (whole.length > 0) told.push({ bytes: whole, copy: Buffer.from(whole) });
  }
  return told.map(({ copy }) => copy);
}

test("tells of whole messages, all of them in order, wherever the socket cuts the stream; what was told stays as it is while the next piece is read", () => {
  const lengths = fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(131_066, 131_067, 131_068, 300_000, 1_000_000)), { minLength: 1, maxLength: 12 });
  const pieces = fc.array(fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 20_000, max: 200_000 })), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(lengths, pieces, (each, pieceBytes) => {
      const messages = each.map((length, index) => message(65 + index, length));
      const stream = Buffer.concat(messages);
      const told = read(stream, pieceBytes.every((bytes) => bytes < 1_000) && stream.length > 100_000 ? [...pieceBytes, 65_536] : pieceBytes);
      expect(Buffer.concat(told).equals(stream)).toBe(true);
      const ends = new Set(messages.map((_, index) => messages.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0)));
      told.reduce((sum, { length }) => (expect(ends.has(sum + length)).toBe(true), sum + length), 0);
    }),
    { numRuns: 60 },
  );
});
