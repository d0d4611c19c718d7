import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { cutPower, type PowerSettings } from "./power-cut.ts";
import { type Programs, startShapeProcess, type ShapeProcess } from "./powered-process.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

/** How a running service is replaced. */
export type Restart = "graceful" | "killed" | "power cut" | "half written" | "rolling";

/** Services on one directory, one after the other (or two for a moment), behind one address. */
export interface ShapeFleet {
  /** Address of `/v1/shape`, the same for all of them. */
  readonly url: string;
  readonly storageDir: string;
  readonly current: ShapeProcess;
  /** Ends the running service and starts another one; resolves when that one owns the slot. */
  restart(how: Restart, killAt?: PowerSettings["killAt"]): Promise<void>;
  /** Starts a service after the running one has ended by itself, with the power cut. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

/** Settings of {@link startShapeFleet}. */
export interface FleetOptions {
  readonly programs: Programs;
  readonly databaseUrl: string;
  readonly streamId: string;
  /** Fixes what a power cut takes. */
  readonly seed: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly syncDelayMs?: number;
  readonly killAt?: PowerSettings["killAt"];
}

/** Starts the first service and waits until it is active. */
export async function startShapeFleet(options: FleetOptions): Promise<ShapeFleet> {
  const { programs, databaseUrl, streamId, env = {}, syncDelayMs = 0 } = options;
  const root = mkdtempSync(join(tmpdir(), "shape-fleet-"));
  const storageDir = join(root, "storage");
  const journal = join(root, "journal");
  const fates = fc.sample(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { numRuns: fateCount, seed: options.seed });
  let fate = 0;
  const random = (): number => fates[fate++ % fateCount] ?? 0;
  const launch = (killAt?: PowerSettings["killAt"]): Promise<ShapeProcess> =>
    startShapeProcess(programs, { databaseUrl, storageDir, streamId, power: { journal, syncDelayMs, killAt }, env: { ELECTRIC_SHAPE_CHUNK_BYTES_THRESHOLD: "20000", ...env } });
  let current = await launch(options.killAt);
  const proxy = await startTcpProxy(current.port);
  const replace = async (next: ShapeProcess): Promise<void> => {
    current = next;
    proxy.target(next.port);
    await next.active();
  };
  const fleet: ShapeFleet = {
    url: `http://127.0.0.1:${proxy.port}/v1/shape`,
    storageDir,
    get current() {
      return current;
    },
    restart: async (how, killAt) => {
      if (how === "rolling") {
        const [previous, next] = [current, await launch(killAt)];
        await previous.stop();
        return replace(next);
      }
      await (how === "graceful" ? current.stop() : current.kill());
      if (how === "power cut" || how === "half written") cutPower(storageDir, journal, random, how === "half written");
      return replace(await launch(killAt));
    },
    revive: async () => {
      await current.ended;
      cutPower(storageDir, journal, random);
      await replace(await launch());
    },
    stop: async () => {
      await current.kill();
      await proxy.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  if (options.killAt === undefined) await current.active();
  return fleet;
}

const fateCount = 1_000;
