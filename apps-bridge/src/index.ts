export { createBridgeClient, type BridgeClient, type CallOptions, type Watcher } from "./bridge/client.ts";
export { defineMethods, long, read, watch, write, type CallName, type Methods, type WatchName } from "./bridge/methods.ts";
export type { BridgePort, PortListener } from "./bridge/port.ts";
export { createBridgeServer, type BridgeServer, type CallContext, type Handlers, type WatchContext } from "./bridge/server.ts";
export { broadcastPort } from "./bridge/ports/broadcast-channel.ts";
export { inProcessPorts } from "./bridge/ports/in-process.ts";
export { messagePort } from "./bridge/ports/message-port.ts";
export { saldoMethods, type SaldoMethods } from "./bridge/contract/index.ts";
