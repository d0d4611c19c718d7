import { connect } from "node:net";
import { Agent } from "node:http";
import { ask, start } from "./clients.ts";
import { machineMs } from "./clock.ts";
import type { Part } from "./part.ts";

/** Many clients of one shape, each with a connection of its own. */
export interface Followers {
  readonly shape: string;
  readonly clients: number;
  /** New rows each waits for. */
  readonly rows: number;
}

const sentAt = /"created_at":"([\d.]+)"/g;

/** Follows a shape live: each new row's milliseconds from being sent to being with each client. */
export const followTogether: Part<Followers, { readonly latenciesMs: readonly number[] }> = async ({ shape, clients, rows }, ready) => {
  const latenciesMs: number[] = [];
  const agent = new Agent({ keepAlive: true });
  const places = Array.from({ length: clients }, () => ({ ...start(), seen: 0 }));
  for (const place of places) while (!place.upToDate) await (await ask(shape, place, false, agent)).body;
  const follow = async (place: (typeof places)[number]): Promise<void> => {
    while (place.seen < rows) {
      const text = await (await ask(shape, place, true, agent)).body;
      const nowMs = machineMs();
      for (const [, sentMs] of text.matchAll(sentAt)) {
        latenciesMs.push(nowMs - Number(sentMs));
        place.seen += 1;
      }
    }
  };
  const all = Promise.all(places.map(follow));
  await ready();
  await all;
  agent.destroy();
  return { latenciesMs };
};

/** A reader of a large shape that takes so many bytes and then pauses, until it is stopped. */
export interface SlowReader {
  readonly shape: string;
  readonly bytesEach: number;
  readonly everyMs: number;
}

/** Reads until the process ends; ready as soon as it reads. */
export const readSlowly: Part<SlowReader, null> = async ({ shape, bytesEach, everyMs }, ready) => {
  const url = new URL(shape);
  const socket = connect({ host: url.hostname, port: Number(url.port) });
  socket.write(`GET ${url.pathname}${url.search}&offset=-1 HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
  await new Promise((resolve) => socket.once("readable", resolve));
  const reading = setInterval(() => socket.read(bytesEach), everyMs);
  await ready();
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(reading);
  return null;
};
