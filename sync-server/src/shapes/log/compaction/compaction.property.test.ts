import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { compareOffsets, formatOffset, type LogOffset } from "../../offset.ts";
import { headOf } from "../../testing/tuple.ts";
import { OpenFiles } from "../open-files.ts";
import { ShapeLog } from "../shape-log.ts";

let root: string;
const files = new OpenFiles(4);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "shape-compaction-"));
});
afterEach(() => {
  files.closeAll();
  rmSync(root, { recursive: true, force: true });
});

const chunkBytes = 1_200;
const relation = '["public","t"]';
const start: LogOffset = { tx: 0n, op: Infinity };
type Rows = Map<string, Record<string, string | null>>;
interface Message {
  readonly key: string;
  readonly value: Record<string, string | null>;
  readonly headers: { readonly operation: string; readonly lsn?: string };
}

/** Applies messages as the strictest client does: whatever does not fit is a fault. */
function apply(rows: Rows, messages: readonly Message[]): void {
  for (const { key, value, headers } of messages) {
    const existing = rows.get(key);
    if ((headers.operation === "insert") !== (existing === undefined)) throw new Error(`${headers.operation} of ${key}, which is ${existing === undefined ? "not " : ""}there`);
    if (headers.operation === "delete") rows.delete(key);
    else rows.set(key, { ...existing, ...value });
  }
}

const copyOf = (rows: Rows): Rows => new Map([...rows].map(([key, row]) => [key, { ...row }]));
const sorted = (rows: Rows): unknown => [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, row]) => [key, Object.entries(row).toSorted()]);

/** A log with what a client has at each of its offsets. */
class Scenario {
  readonly states: { readonly offset: LogOffset; readonly rows: Rows }[] = [{ offset: start, rows: new Map() }];
  #tx = 100n;

  get rows(): Rows {
    return this.states.at(-1)?.rows ?? new Map();
  }

  /** One transaction; each step writes, changes or removes one of a few keys, whatever fits. */
  write(log: ShapeLog, steps: readonly { key: number; column: number; value: string | null; leaves: boolean }[]): void {
    log.begin(this.#tx);
    for (const [op, { key, column, value, leaves }] of steps.entries()) {
      const name = `"public"."t"/"${key}"`;
      const rows = copyOf(this.rows);
      const existing = rows.get(name);
      const operation = existing === undefined ? "insert" : leaves ? "delete" : "update";
      const id = { id: String(key) };
      const shown = operation === "delete" ? id : operation === "insert" ? { ...id, a: null, b: '"headers":{"operation":"x', [column === 0 ? "a" : "b"]: value } : { ...id, [column === 0 ? "a" : "b"]: value };
      apply(rows, [{ key: name, value: shown, headers: { operation } }]);
      log.append(op, headOf(`{"key":${JSON.stringify(name)},"value":${JSON.stringify(shown)},"headers":{"operation":"${operation}","relation":${relation},"txids":[7],"lsn":"${this.#tx}","op_position":${op}`));
      this.states.push({ offset: { tx: this.#tx, op }, rows });
    }
    log.commit();
    log.write();
    log.publish();
    this.#tx += 3n;
  }
}

async function messagesOf(range: NonNullable<ReturnType<ShapeLog["read"]>>): Promise<Message[]> {
  const bytes = range.load === undefined ? readFileSync(range.path).subarray(range.fromByte, range.toByte) : await range.load();
  const parsed: unknown = JSON.parse(`[${bytes.toString("utf8").replace(/,\n$/, "")}]`);
  return Array.isArray(parsed) ? parsed : [];
}

/** Reads on to the end from an offset; answers the offsets of all answers. */
async function readOn(log: ShapeLog, from: LogOffset, rows: Rows): Promise<LogOffset[]> {
  const offsets: LogOffset[] = [];
  for (let after = from; ; ) {
    const range = log.read(after);
    if (range === undefined) throw new Error(`${formatOffset(after)} is beyond the end`);
    if (range.fromByte === range.toByte) return offsets;
    expect(compareOffsets(range.last, after)).toBeGreaterThan(0);
    apply(rows, await messagesOf(range));
    offsets.push((after = range.last));
  }
}

async function expectAllReadersRight(log: ShapeLog, scenario: Scenario): Promise<void> {
  for (const { offset, rows } of scenario.states) {
    const mine = copyOf(rows);
    await readOn(log, offset, mine);
    expect(sorted(mine)).toEqual(sorted(scenario.rows));
  }
}

const numRuns = process.env["SALDO_TEST_DEEP"] === "1" ? 60 : 6;
const step = fc.record({ key: fc.nat(6), column: fc.nat(1), value: fc.option(fc.string({ maxLength: 20 })), leaves: fc.boolean() });
const transactions = fc.array(fc.array(step, { minLength: 1, maxLength: 9 }), { minLength: 25, maxLength: 60 });
const owned = () => Promise.resolve(true);

it("gives readers at every offset of a compacted log exactly what they miss, also when it grows, is compacted again and reopened", async () => {
  await fc.assert(
    fc.asyncProperty(transactions, transactions, async (first, second) => {
      const dir = mkdtempSync(join(root, "log-"));
      let log = await ShapeLog.open(dir, chunkBytes, files);
      const scenario = new Scenario();
      for (const steps of first) scenario.write(log, steps);
      await log.compact({ relation, owned });
      await expectAllReadersRight(log, scenario);
      for (const steps of second) scenario.write(log, steps);
      await log.removeRetired();
      await log.compact({ relation, owned });
      await expectAllReadersRight(log, scenario);
      log.close();
      log = await ShapeLog.open(dir, chunkBytes, files);
      expect(log.last).toEqual(scenario.states.at(-1)?.offset);
      await expectAllReadersRight(log, scenario);
      log.close();
    }),
    { numRuns },
  );
});

const hotRow = (scenario: Scenario, log: ShapeLog, from: number, to: number): void => {
  for (let round = from; round < to; round++) scenario.write(log, [{ key: round % 3, column: round % 2, value: `v${round}`, leaves: round % 17 === 0 }]);
};

it("keeps positions that clients hold: chunk ends of before can be asked for, the newest chunks stay as they are", async () => {
  const log = await ShapeLog.open(root, chunkBytes, files);
  const scenario = new Scenario();
  hotRow(scenario, log, 0, 200);
  const ends = await readOn(log, start, new Map());
  const bytesBefore = log.storedBytes;
  expect(await log.compact({ relation, owned })).toBe(true);
  expect(log.storedBytes).toBeLessThan(bytesBefore / 3);
  const answers = await readOn(log, start, new Map());
  expect(answers.slice(1)).toEqual(ends.slice(-answers.length + 1));
  expect(ends.map(formatOffset)).toEqual(expect.arrayContaining(answers.map(formatOffset)));
  const range = log.read(start);
  expect(range === undefined ? [] : Object.keys((await messagesOf(range))[0]?.headers ?? {})).toEqual(["operation", "relation"]);
  expect(await log.compact({ relation, owned })).toBe(false);
  await expectAllReadersRight(log, scenario);
});

it("is whole after an end at each step, with what was before or what comes after, and leaves nothing behind", async () => {
  const dir = join(root, "live");
  const scenario = new Scenario();
  cpSync(mkdtempSync(join(root, "empty-")), dir, { recursive: true });
  const log = await ShapeLog.open(dir, chunkBytes, files);
  hotRow(scenario, log, 0, 60);
  const steps: string[] = [];
  for (const to of [120, 240]) {
    hotRow(scenario, log, to / 2, to);
    const crashed: [string, string][] = [];
    const onStep = (name: string): void => {
      const copy = join(root, `at ${name} ${to}`);
      cpSync(dir, copy, { recursive: true });
      crashed.push([name, copy]);
    };
    expect(await log.compact({ relation, owned, onStep })).toBe(true);
    onStep("done");
    await log.removeRetired();
    onStep("cleaned");
    for (const [name, copy] of crashed) {
      const recovered = await ShapeLog.open(copy, chunkBytes, files);
      await expectAllReadersRight(recovered, scenario);
      const names = readdirSync(copy).filter((file) => /^(log|compacted-)/.test(file));
      expect(names.length % 2).toBe(0);
      expect(names.filter((file) => file.startsWith("log"))).toHaveLength(2);
      recovered.close();
      steps.push(name);
    }
  }
  expect(steps.slice(0, 6)).toEqual(["merged", "copied", "rest copied", "replaced", "done", "cleaned"]);
});

it("takes along what is written while it works, and a transaction that is open; and undoes one that is given up afterwards", async () => {
  const log = await ShapeLog.open(root, chunkBytes, files);
  const scenario = new Scenario();
  hotRow(scenario, log, 0, 200);
  const busy = () => {
    hotRow(scenario, log, 200, 260);
    log.begin(99_999n);
    for (let op = 0; op < 40; op++) log.append(op, headOf(`{"key":"open","value":{},"headers":{"operation":"insert","relation":${relation},"lsn":"99999","op_position":${op}`));
    return Promise.resolve(true);
  };
  expect(await log.compact({ relation, owned: busy })).toBe(true);
  await expectAllReadersRight(log, scenario);
  log.discard();
  hotRow(scenario, log, 260, 300);
  await log.sync();
  await expectAllReadersRight(log, scenario);
  log.close();
  await expectAllReadersRight(await ShapeLog.open(root, chunkBytes, files), scenario);
});

it("leaves a log alone that is not its own any more, or does not fit together", async () => {
  const log = await ShapeLog.open(root, chunkBytes, files);
  const scenario = new Scenario();
  hotRow(scenario, log, 0, 200);
  const before = readdirSync(root);
  expect(await log.compact({ relation, owned: () => Promise.resolve(false) })).toBe(false);
  expect(readdirSync(root)).toEqual(before);
  await expectAllReadersRight(log, scenario);

  const other = join(root, "other");
  cpSync(mkdtempSync(join(root, "empty-")), other, { recursive: true });
  const broken = await ShapeLog.open(other, chunkBytes, files);
  for (let tx = 1n; tx < 100n; tx++) {
    broken.begin(tx);
    broken.append(0, headOf(`{"key":"k","value":{"id":"1"},"headers":{"operation":"insert","relation":${relation},"lsn":"${tx}","op_position":0`));
    broken.commit();
    broken.write();
    broken.publish();
  }
  await expect(broken.compact({ relation, owned })).rejects.toThrow("does not fit");
  expect(readdirSync(other).toSorted()).toEqual(["log.idx", "log.json"]);
});
