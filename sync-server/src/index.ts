export { maskedConfig, readConfig, type RelayConfig } from "./config.ts";
export { openShapes, type OpenShapesParts } from "./gatekeeper/open-shapes.ts";
export type { CommitEvent, FixedShape, ShapeSource } from "./gatekeeper/shape-source.ts";
export { bearerModeHeader } from "./http/origins.ts";
export { startRelay, type Relay, type RelaySeams } from "./relay.ts";
