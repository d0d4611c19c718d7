import { protocolHeaders, protocolParameters } from "../protocol.ts";
import type { FixedShape } from "../shape-source.ts";

/** The Electric service behind. */
export interface Upstream {
  /** Its address, with or without `/v1/shape`. */
  readonly url: string;
  /** What it wants as `secret`; null when it takes requests without. */
  readonly secret: string | null;
}

const shapePath = "/v1/shape";

/** An address of the service: `/v1/shape` or `/v1/health` under whatever path it is mounted at. */
export function upstreamUrl(upstream: Upstream, path: "/v1/shape" | "/v1/health"): URL {
  const url = new URL(upstream.url);
  const mounted = url.pathname.replace(/\/+$/, "");
  url.pathname = (mounted.endsWith(shapePath) ? mounted.slice(0, -shapePath.length) : mounted) + path;
  return url;
}

/**
 * A device's request as the service behind gets it: the protocol's parameters and headers from the device, the shape from us, the secret.
 * Parameters the operator put into the address (a cloud's `source_id`) stay.
 */
export function upstreamRequest(upstream: Upstream, request: Request, shape: FixedShape): Request {
  const url = upstreamUrl(upstream, shapePath);
  const asked = new URL(request.url).searchParams;
  for (const name of protocolParameters) {
    const value = asked.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  url.searchParams.set("table", shape.table);
  url.searchParams.set("where", shape.where);
  shape.params.forEach((value, index) => url.searchParams.set(`params[${index + 1}]`, value));
  url.searchParams.set("columns", shape.columns.map((name) => `"${name.replaceAll('"', '""')}"`).join(","));
  if (upstream.secret !== null) url.searchParams.set("secret", upstream.secret);
  url.searchParams.sort();
  const headers = new Headers();
  for (const name of protocolHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Request(url, { method: request.method === "HEAD" ? "HEAD" : "GET", headers, signal: request.signal, redirect: "error" });
}
