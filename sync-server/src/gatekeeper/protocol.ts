/** The protocol's parameters a device may give; the shape itself is ours to say, so `table`, `where` and their like are not among them. */
export const protocolParameters = ["offset", "handle", "live", "live_sse", "experimental_live_sse", "cursor", "expired_handle", "cache-buster"] as const;

/** The request headers that mean something to the protocol. */
export const protocolHeaders = ["if-none-match", "accept"] as const;
