import { join } from "node:path";
import type { Logger } from "pino";
import type { RelayConfig } from "../config.ts";
import { publicationName } from "../migrations/publication.pg.ts";
import { startShapeService } from "../shapes/index.ts";
import type { ShapeSource } from "./shape-source.ts";

/** The shape service of this process as the gatekeeper's source. Until its slot is attached, shapes are answered 503 and clients come back. */
export async function openShapes(config: RelayConfig, log: Logger): Promise<ShapeSource> {
  return startShapeService({
    databaseUrl: config.databaseUrl,
    storageDir: join(config.storageDir, "shapes"),
    slotName: config.replicationSlot,
    publicationName,
    log: log.child({ part: "shapes" }),
  });
}
