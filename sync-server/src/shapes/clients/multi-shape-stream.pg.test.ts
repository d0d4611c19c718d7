import { isChangeMessage, isControlMessage } from "@electric-sql/client";
import { MultiShapeStream, TransactionalMultiShapeStream } from "@electric-sql/experimental";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ShapeServer, startShapeServer } from "../testing/shape-server.ts";

let server: ShapeServer;
beforeAll(async () => {
  server = await startShapeServer({ longPollMs: 500 });
  await server.client.query("CREATE TABLE orders (id int PRIMARY KEY, state text); CREATE TABLE lines (id int PRIMARY KEY, order_id int); CREATE TABLE idle (id int PRIMARY KEY)");
  await server.client.query("INSERT INTO orders SELECT g, 'new' FROM generate_series(1, 20) g; INSERT INTO lines SELECT g, g % 20 FROM generate_series(1, 60) g");
});
afterAll(() => server.stop());

const shapes = (signal: AbortSignal) => {
  const shape = (table: string) => ({ url: server.url, params: { table }, signal });
  return { orders: shape("orders"), lines: shape("lines"), idle: shape("idle") };
};

it("gives several shapes to one subscriber, all of them up to date, also one that never changes", async () => {
  const aborter = new AbortController();
  const stream = new MultiShapeStream({ shapes: shapes(aborter.signal) });
  const counts = new Map<string, number>();
  const upToDate = new Set<string>();
  try {
    await new Promise<void>((resolve, reject) => {
      stream.subscribe((messages) => {
        for (const message of messages) {
          if (isChangeMessage(message)) counts.set(message.shape, (counts.get(message.shape) ?? 0) + 1);
          else if (isControlMessage(message) && message.headers.control === "up-to-date") upToDate.add(message.shape);
        }
        if (upToDate.size === 3 && stream.isUpToDate) resolve();
      }, reject);
    });
    expect(Object.fromEntries(counts)).toEqual({ orders: 20, lines: 60 });
  } finally {
    aborter.abort();
  }
});

it("gives whole transactions over several shapes, in the order of their operations", async () => {
  const aborter = new AbortController();
  const stream = new TransactionalMultiShapeStream({ shapes: shapes(aborter.signal) });
  const batches: string[][] = [];
  const changed = new Set<() => void>();
  try {
    stream.subscribe((messages) => {
      const logged = messages.filter((message) => isChangeMessage(message)).filter(({ headers }) => "lsn" in headers);
      if (logged.length > 0) batches.push(logged.map(({ shape, headers }) => `${shape} ${headers.operation}`));
      for (const check of changed) check();
    });
    const until = (condition: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition()) return;
          changed.delete(check);
          resolve();
        };
        changed.add(check);
        check();
      });
    await until(() => stream.isUpToDate);
    const transaction = (n: number): string => `BEGIN; INSERT INTO lines VALUES (${n}, 1); UPDATE orders SET state = 'paid ${n}' WHERE id = 1; DELETE FROM lines WHERE id = ${n}; INSERT INTO orders VALUES (${n}); COMMIT`;
    for (const n of [100, 101, 102]) await server.client.query(transaction(n));
    await until(() => batches.flat().length === 12);
    const whole = ["lines insert", "orders update", "lines delete", "orders insert"];
    expect(batches.flat()).toEqual([...whole, ...whole, ...whole]);
    expect(batches.every((batch) => batch.length % 4 === 0)).toBe(true);
  } finally {
    aborter.abort();
  }
});
