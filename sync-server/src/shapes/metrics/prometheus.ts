import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { ShapeService } from "../service.ts";
import type { ShapeServiceObserver } from "./observer.ts";

const requestSeconds = [0.001, 0.003, 0.008, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40];
const syncSeconds = [0.0005, 0.001, 0.003, 0.008, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
const slotStates = ["reserved", "extended", "unreserved", "lost"] as const;

/** What a request asked for, as far as its latency is concerned. */
export type RequestKind = "snapshot" | "log" | "live" | "subset" | "other";

/** Everything `/metrics` shows. */
export interface ShapeMetrics {
  readonly observer: ShapeServiceObserver;
  readonly contentType: string;
  /** Notes an answered request. */
  answered(kind: RequestKind, status: number, durationMs: number): void;
  /** Shows the figures of a service from now on. */
  show(service: Pick<ShapeService, "statistics" | "health">): void;
  /** The exposition text. */
  text(): Promise<string>;
}

/** Metrics of one service in a registry of their own. */
export function createShapeMetrics(): ShapeMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const transactions = new Counter({ name: "shapes_transactions_total", help: "Committed transactions made visible", registers });
  const rowChanges = new Counter({ name: "shapes_row_changes_total", help: "Row changes read from replication and routed", registers });
  const rotations = new Counter({ name: "shapes_rotations_total", help: "Shapes ended, by reason; evictions included", labelNames: ["reason"], registers });
  const evictions = new Counter({ name: "shapes_evictions_total", help: "Shapes dropped for their age, size or number", registers });
  const compactions = new Counter({ name: "shapes_compactions_total", help: "Logs compacted", registers });
  const compacted = new Counter({ name: "shapes_compacted_bytes_total", help: "Log bytes given back by compaction", registers });
  const synced = new Histogram({ name: "shapes_sync_duration_seconds", help: "Making touched logs and the position durable", buckets: syncSeconds, registers });
  const requests = new Counter({ name: "shapes_http_requests_total", help: "Answered requests", labelNames: ["kind", "status"], registers });
  const durations = new Histogram({ name: "shapes_http_request_duration_seconds", help: "From a request's headers to the last byte of its answer", labelNames: ["kind"], buckets: requestSeconds, registers });
  return {
    observer: {
      published: (count, changes) => {
        transactions.inc(count);
        rowChanges.inc(changes);
      },
      synced: (durationMs) => synced.observe(durationMs / 1000),
      rotated: (reason) => {
        rotations.inc({ reason });
        if (reason.startsWith("evicted")) evictions.inc();
      },
      compacted: (beforeBytes, afterBytes) => {
        compactions.inc();
        compacted.inc(Math.max(0, beforeBytes - afterBytes));
      },
    },
    contentType: registry.contentType,
    answered: (kind, status, durationMs) => {
      requests.inc({ kind, status: String(status) });
      durations.observe({ kind }, durationMs / 1000);
    },
    show: (service) => addServiceGauges(registers, service),
    text: () => registry.metrics(),
  };
}

function addServiceGauges(registers: Registry[], service: Pick<ShapeService, "statistics" | "health">): void {
  const gauge = (name: string, help: string, value: () => number | undefined): void => {
    const metric: Gauge = new Gauge({
      name,
      help,
      registers,
      collect: () => {
        const known = value();
        if (known === undefined) metric.reset();
        else metric.set(known);
      },
    });
  };
  gauge("shapes_active", "1 while this process owns the slot and follows the database", () => Number(service.health() === "active"));
  gauge("shapes_count", "Shapes kept", () => service.statistics().shapes);
  gauge("shapes_log_bytes", "Bytes of all shape logs", () => service.statistics().logBytes);
  gauge("shapes_snapshot_bytes", "Bytes of all snapshots", () => service.statistics().snapshotBytes);
  gauge("shapes_live_requests", "Live requests parked at this moment", () => service.statistics().waiting);
  gauge("shapes_replication_lag_bytes", "WAL written by the server that is not in the logs yet", () => service.statistics().slot?.lagBytes);
  gauge("shapes_replication_lag_seconds", "How long the oldest of it has been waiting", () => {
    const lagMs = service.statistics().slot?.lagMs;
    return lagMs === undefined ? undefined : lagMs / 1000;
  });
  gauge("shapes_slot_retained_wal_bytes", "WAL the server keeps for the slot", () => service.statistics().slot?.retainedBytes);
  const state = new Gauge({
    name: "shapes_slot_state",
    help: "1 for the state the slot is in; alert at unreserved",
    labelNames: ["state"],
    registers,
    collect: () => {
      const status = service.statistics().slot?.status;
      for (const known of slotStates) state.set({ state: known }, Number(known === status));
    },
  });
}
