import { notifyKeepAliveMs, SaldoError, type DeviceScope } from "@saldo/schema";
import { shapesOfDevice } from "../gatekeeper/registry.ts";
import type { Rights } from "../gatekeeper/rights.pg.ts";
import type { ShapeSource } from "../gatekeeper/shape-source.ts";
import type { DeviceSumReader, DeviceSums } from "../sums/device-sums.ts";
import { openDeviceStream, type DeviceStream } from "./device-stream.ts";
import { createRecentCommits } from "./recent-commits.ts";

/** Most notify streams one relay holds. */
export const notifyStreamsMax = 10_000;

const noSums: DeviceSumReader = { known: () => ({}), end: () => undefined };

/** All notify streams of a relay. */
export interface NotifyHub {
  /**
   * Opens a device's stream, taking over from an older one of the same device. `tellsSums` is false for one that
   * knows other columns than this relay. Throws `SaldoError` `relay.unavailable` when there are too many, or no log yet.
   */
  open(scope: DeviceScope, expiresAtMs: number, last: bigint | null, tellsSums: boolean): Promise<ReadableStream<Uint8Array>>;
  /** Ends every stream. */
  close(): void;
}

interface Connection {
  readonly scope: DeviceScope;
  readonly expiresAtMs: number;
  readonly stream: DeviceStream;
}

/** Tells devices of commits: one subscription to the shape source, spread by shape key to the streams that read the shape. */
export function createNotifyHub(parts: { readonly shapes: ShapeSource; readonly rights: Rights; readonly sums: DeviceSums; readonly nowMs: () => number }): NotifyHub {
  const { shapes, rights, sums, nowMs } = parts;
  const recent = createRecentCommits();
  const readers = new Map<string, Map<Connection, string>>();
  const byClient = new Map<string, Connection>();

  const unsubscribe = shapes.subscribe((event) => {
    recent.add(event);
    sums.published(event);
    if (event.touched === "all") {
      for (const { stream } of byClient.values()) {
        stream.markAll();
        stream.advance(event.lsn);
      }
      return;
    }
    const touched = new Set<Connection>();
    for (const key of event.touched) {
      for (const [connection, name] of readers.get(key) ?? []) {
        connection.stream.mark(name);
        touched.add(connection);
        if (name === "member") void recheck(connection);
      }
    }
    for (const connection of touched) connection.stream.advance(event.lsn);
  });

  const keepAlive = setInterval(() => {
    sums.tick();
    for (const connection of byClient.values()) {
      if (connection.expiresAtMs <= nowMs()) connection.stream.end("expired");
      else {
        connection.stream.tick(shapes.currentLsn());
        void recheck(connection);
      }
    }
  }, notifyKeepAliveMs);
  keepAlive.unref();

  async function recheck(connection: Connection): Promise<void> {
    const { workspaceId, userId } = connection.scope;
    // While the database is away nobody loses a right.
    const allowed = await rights.mayRead("workspace", workspaceId, userId, { fresh: true }).catch(() => true);
    if (!allowed) connection.stream.end("expired");
  }

  function forget(connection: Connection, keys: readonly string[]): void {
    if (byClient.get(connection.scope.clientId) === connection) byClient.delete(connection.scope.clientId);
    for (const key of keys) {
      const streams = readers.get(key);
      streams?.delete(connection);
      if (streams?.size === 0) readers.delete(key);
    }
  }

  return {
    async open(scope, expiresAtMs, last, tellsSums) {
      const resumes = last !== null && recent.touchedSince(last, shapes.currentLsn()) !== null;
      const from = resumes ? last : await shapes.checkpointLsn();
      // From here to the end nothing is awaited: no commit comes between.
      byClient.get(scope.clientId)?.stream.end("replaced");
      if (byClient.size >= notifyStreamsMax) throw new SaldoError("relay.unavailable", { retryAfterSeconds: 10 });
      const named = shapesOfDevice(scope).map(({ name, shape }) => ({ name, key: shapes.shapeKey(shape) }));
      const lsn = shapes.currentLsn();
      const touched = recent.touchedSince(from, lsn);
      const missed = touched === null ? null : named.filter(({ key }) => touched.has(key)).map(({ name }) => name);
      let told = () => {};
      const reader: DeviceSumReader = tellsSums ? sums.open(scope, () => told()) : noSums;
      const onEnd = () => {
        reader.end();
        forget(connection, named.map(({ key }) => key));
      };
      const start = { onEnd, sums: { names: named.map(({ name }) => name), known: reader.known, lsn: shapes.currentLsn } };
      const stream = openDeviceStream(resumes ? { ...start, last: from, lsn, missed } : { ...start, last: from, lsn: from, missed: null });
      told = () => stream.tell();
      if (!resumes && lsn > from) {
        if (missed === null) stream.markAll();
        else for (const name of missed) stream.mark(name);
        stream.advance(lsn);
      }
      const connection: Connection = { scope, expiresAtMs, stream };
      byClient.set(scope.clientId, connection);
      for (const { name, key } of named) {
        const streams = readers.get(key) ?? new Map<Connection, string>();
        readers.set(key, streams.set(connection, name));
      }
      return connection.stream.body;
    },
    close() {
      clearInterval(keepAlive);
      unsubscribe();
      for (const connection of byClient.values()) connection.stream.end("shutdown");
    },
  };
}
