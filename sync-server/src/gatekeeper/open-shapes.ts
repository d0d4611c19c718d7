import { join } from "node:path";
import { SaldoError } from "@saldo/schema";
import type pg from "pg";
import type { Logger } from "pino";
import type { RelayConfig } from "../config.ts";
import { publicationName } from "../migrations/publication.pg.ts";
import { startShapeService, type RowTap } from "../shapes/index.ts";
import { openElectricSource } from "./electric/source.ts";
import type { ShapeSource } from "./shape-source.ts";

/** What opening the source of shapes takes from the relay. */
export interface OpenShapesParts {
  readonly config: RelayConfig;
  readonly pool: Pick<pg.Pool, "query">;
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Hears the row changes of each commit before it is told. */
  readonly rowTap: RowTap;
  /** Called when the database turns out to be another one or an older copy of itself. */
  readonly databaseReplaced: () => void;
}

/** Where the shape service of this process keeps its logs. */
export function shapesDir({ storageDir }: Pick<RelayConfig, "storageDir">): string {
  return join(storageDir, "shapes");
}

/**
 * The gatekeeper's source of shapes: the Electric service that `ELECTRIC_URL` names, else the shape service of this process. Until it
 * follows the database, shapes are answered 503 and clients come back.
 */
export async function openShapes(parts: OpenShapesParts): Promise<ShapeSource> {
  const { config, log } = parts;
  const shapesLog = log.child({ part: "shapes" });
  if (config.electricUrl === null) return openEmbedded(parts, shapesLog);
  const upstream = { url: config.electricUrl, secret: config.electricSecret };
  return openElectricSource({ ...parts, upstream, fetch, log: shapesLog, databaseUrl: config.databaseUrl, publicationName, slotName: `${config.replicationSlot}_notify` });
}

async function openEmbedded({ config, rowTap, databaseReplaced }: OpenShapesParts, log: Logger): Promise<ShapeSource> {
  const { databaseUrl, replicationSlot, shapesBytesMax, shapesUnusedMsMax } = config;
  const limits = { storageBytesMax: shapesBytesMax, unusedMsMax: shapesUnusedMsMax };
  const service = await startShapeService({ databaseUrl, storageDir: shapesDir(config), slotName: replicationSlot, publicationName, log, rowTap, databaseReplaced, ...limits });
  return {
    handle: (request, shape) => service.handle(request, shape),
    shapeKey: (shape) => service.shapeKey(shape),
    subscribe: (listener) => service.subscribe(listener),
    currentLsn: () => service.currentLsn(),
    async checkpointLsn() {
      if (service.currentLsn() === 0n) throw new SaldoError("relay.unavailable", { retryAfterSeconds: 1 });
      return service.currentLsn();
    },
    health: () => Promise.resolve(service.health()),
    close: () => service.close(),
  };
}
