import { isIPv6 } from "node:net";
import type { RelayContext } from "./route.ts";

/**
 * The network address a request comes from, for limits. An IPv6 address stands for its /64, which is what one subscriber holds.
 * `proxyHops` counts the trusted proxies in front, each of which appended the address it saw to `x-forwarded-for`.
 */
export function clientAddress(context: RelayContext, proxyHops: number): string {
  const forwarded = (context.req.header("x-forwarded-for") ?? "").split(",").map((part) => part.trim());
  const address = proxyHops > 0 ? forwarded.at(-proxyHops) : context.env?.incoming?.socket.remoteAddress;
  return subscriberOf(address ?? "unknown");
}

/** The part of an address one subscriber holds: an IPv4 address whole, the first 64 bits of an IPv6 one. */
export function subscriberOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!isIPv6(address)) return address.slice(0, 64);
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = tail === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0"), ...right];
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}
