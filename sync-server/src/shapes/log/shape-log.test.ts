import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { LogOffset } from "../offset.ts";
import { headOf } from "../testing/tuple.ts";
import { OpenFiles } from "./open-files.ts";
import type { MessageHead } from "./segments.ts";
import { ShapeLog } from "./shape-log.ts";

let dir: string;
const files = new OpenFiles(2);
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "shape-log-"));
});
afterEach(() => {
  files.closeAll();
  rmSync(dir, { recursive: true, force: true });
});

const chunkBytes = 400;
const openLog = (): Promise<ShapeLog> => ShapeLog.open(dir, chunkBytes, files);
const head = (tx: bigint, op: number): string => `{"key":"k","value":{"v":"текст"},"headers":{"operation":"insert","lsn":"${tx}","op_position":${op}`;
const messageHead = (tx: bigint, op: number): MessageHead => headOf(head(tx, op));

function write(log: ShapeLog, tx: bigint, ops: readonly number[]): void {
  log.begin(tx);
  for (const op of ops) log.append(op, messageHead(tx, op));
  log.commit();
  log.write();
  log.publish();
}

/** Reads on from an offset to the end, as a client does; `[tx_op…]` for each answer. */
function readAll(log: ShapeLog, from: LogOffset): string[][] {
  const answers: string[][] = [];
  for (let after = from; ; ) {
    const range = log.read(after);
    if (range === undefined) throw new Error("beyond the end");
    if (range.fromByte === range.toByte) return answers;
    const bytes = readFileSync(log.path).subarray(range.fromByte, range.toByte);
    if (range.bytes !== undefined) expect(range.bytes.equals(bytes)).toBe(true);
    const lines = bytes.toString("utf8").split(",\n").filter((line) => line !== "");
    answers.push(lines.map((line) => /"lsn":"(\d+)","op_position":(\d+)/.exec(line)?.slice(1).join("_") ?? "?"));
    after = range.last;
  }
}

const start: LogOffset = { tx: 0n, op: Infinity };

it("marks the last message of a transaction and gives chunks that never change", async () => {
  const log = await openLog();
  write(log, 10n, [0, 2]);
  expect(JSON.parse(`[${readFileSync(log.path, "utf8").slice(0, -2)}]`)).toMatchObject([{ headers: { op_position: 0 } }, { headers: { op_position: 2, last: true } }]);
  for (let tx = 11n; tx < 40n; tx++) write(log, tx, [0]);
  const answers = readAll(log, start);
  expect(answers.flat()).toHaveLength(31);
  write(log, 40n, [0, 1, 2, 3, 4, 5, 6, 7]);
  expect(readAll(log, start).slice(0, answers.length - 1)).toEqual(answers.slice(0, -1));
});

it("answers any offset inside the log, also between the messages of one transaction", async () => {
  const log = await openLog();
  for (let tx = 100n; tx < 130n; tx += 3n) write(log, tx, [1, 4, 9]);
  const all = readAll(log, start).flat();
  for (let tx = 99n; tx < 127n; tx++) {
    for (const op of [0, 1, 3, 4, 8, 9, Infinity]) {
      const expected = all.filter((text) => {
        const [messageTx = "", messageOp = ""] = text.split("_");
        return BigInt(messageTx) > tx || (BigInt(messageTx) === tx && Number(messageOp) > op);
      });
      expect(readAll(log, { tx, op }).flat()).toEqual(expected);
    }
  }
  expect(readAll(log, { tx: 127n, op: 1 }).flat()).toEqual(["127_4", "127_9"]);
  expect(readAll(log, { tx: 127n, op: 9 })).toEqual([]);
  expect(log.read({ tx: 127n, op: 10 })).toBeUndefined();
  expect(log.read({ tx: 128n, op: 0 })).toBeUndefined();
});

it("shows no transaction before it is published, and forgets a discarded one", async () => {
  const log = await openLog();
  write(log, 1n, [0]);
  log.begin(2n);
  for (let op = 0; op < 50; op++) log.append(op, messageHead(2n, op));
  log.write();
  expect(readAll(log, start).flat()).toEqual(["1_0"]);
  log.discard();
  expect(log.holds(2n)).toBe(false);
  write(log, 2n, [0, 1]);
  expect(readAll(log, start).flat()).toEqual(["1_0", "2_0", "2_1"]);
  expect(readAll(await openLog(), start).flat()).toEqual(["1_0", "2_0", "2_1"]);
});

it("comes back after every possible torn tail with whole transactions only, and takes the lost ones again identically", async () => {
  const log = await openLog();
  for (let tx = 1n; tx <= 12n; tx++) write(log, tx, [0, 1]);
  const wholeLog = readFileSync(join(dir, "log.json"));
  const wholeIndex = readFileSync(join(dir, "log.idx"));
  const answers = readAll(log, start);
  for (const [file, length] of [["log.json", wholeLog.length], ["log.idx", wholeIndex.length]] as const) {
    for (let kept = 0; kept < length; kept += file === "log.json" ? 37 : 11) {
      files.closeAll();
      writeFileSync(join(dir, "log.json"), wholeLog);
      writeFileSync(join(dir, "log.idx"), wholeIndex);
      truncateSync(join(dir, file), kept);
      appendFileSync(join(dir, file), "\0\0\0garbage");
      const recovered = await openLog();
      const have = readAll(recovered, start).flat();
      expect(have.length % 2).toBe(0);
      for (let tx = BigInt(have.length / 2) + 1n; tx <= 12n; tx++) {
        expect(recovered.holds(tx)).toBe(false);
        write(recovered, tx, [0, 1]);
      }
      expect(readFileSync(join(dir, "log.json")).equals(wholeLog)).toBe(true);
      expect(readAll(recovered, start)).toEqual(answers);
    }
  }
});

it("finds a flipped byte in what was not synced", async () => {
  const log = await openLog();
  write(log, 1n, [0]);
  write(log, 2n, [0]);
  files.closeAll();
  const bytes = readFileSync(log.path);
  bytes[bytes.length - 20] = 0;
  writeFileSync(log.path, bytes);
  expect(readAll(await openLog(), start).flat()).toEqual(["1_0"]);
});
