import { Agent, get as httpGet, type IncomingMessage } from "node:http";
import { isChangeMessage, ShapeStream } from "@electric-sql/client";
import { z } from "zod";
import { machineMs } from "./clock.ts";
import type { Part } from "./part.ts";

/** A shape as a URL with its definition, and how it is read. */
export interface Reading {
  readonly shape: string;
  readonly client: "plain" | "official";
}

const messages = z.array(z.object({ value: z.record(z.string(), z.string().nullable()).optional(), headers: z.record(z.string(), z.unknown()) }));

/** Where a plain reader stands. */
export interface Place {
  handle: string;
  offset: string;
  cursor: string;
  upToDate: boolean;
}

/** The place before anything was read. */
export function start(): Place {
  return { handle: "", offset: "-1", cursor: "", upToDate: false };
}

/** One connection a client asks on, two while it reads ahead. */
const agent = new Agent({ keepAlive: true });

/** An answer whose headers are there; its body is gathered as it comes. */
export interface Answer {
  readonly body: Promise<string>;
}

/** The body as text; its pieces are let go of before anyone parses it. */
function textOf(answer: IncomingMessage): Promise<string> {
  return new Promise((gathered, failed) => {
    const pieces: Buffer[] = [];
    answer.on("data", (piece: Buffer) => pieces.push(piece));
    answer.on("end", () => gathered(Buffer.concat(pieces.splice(0)).toString()));
    answer.on("error", failed);
  });
}

function get(url: string, by: Agent): Promise<{ readonly answer: IncomingMessage; readonly body: Promise<string> }> {
  return new Promise((resolve, reject) => {
    const request = httpGet(url, { agent: by }, (answer) => resolve({ answer, body: textOf(answer) }));
    request.on("error", reject);
  });
}

/** Asks for what follows; the place moves on as soon as the headers are there. Throws on any status but 200. */
export async function ask(shape: string, place: Place, live: boolean, by = agent): Promise<Answer> {
  const position = place.offset === "-1" ? "offset=-1" : `offset=${place.offset}&handle=${place.handle}${live ? `&live=true&cursor=${place.cursor}` : ""}`;
  const { answer, body } = await get(`${shape}&${position}`, by);
  if (answer.statusCode !== 200) throw new Error(`the service answered ${answer.statusCode}: ${await body}`);
  const header = (name: string): string => String(answer.headers[name] ?? "");
  place.handle = header("electric-handle");
  place.offset = header("electric-offset");
  place.cursor = header("electric-cursor");
  place.upToDate = answer.headers["electric-up-to-date"] !== undefined;
  return { body };
}

async function parsed(answer: Answer): Promise<unknown> {
  return JSON.parse(await answer.body);
}

/** Rows of a body, which is let go of at once: a batch kept until the next one is parsed would be the collector's work, not the parser's. */
async function countRows(answer: Answer): Promise<number> {
  const body = await parsed(answer);
  if (!Array.isArray(body)) throw new Error("the body is no array");
  return body.length;
}

/** Reads until up to date, parsing each body while the next one is on its way. Answers the number of rows. */
export async function readAll(shape: string, place: Place, parse = true): Promise<number> {
  let rows = 0;
  let next = ask(shape, place, false);
  for (;;) {
    const answer = await next;
    const ends = place.upToDate;
    if (!ends) next = ask(shape, place, false);
    if (parse) rows += await countRows(answer);
    else await answer.body;
    if (ends) return rows;
  }
}

async function readOfficially(shape: string, rowsWanted: number, stays: boolean): Promise<void> {
  const aborter = new AbortController();
  const stream = new ShapeStream({ ...split(shape), signal: aborter.signal });
  let rows = 0;
  await new Promise<void>((resolve, reject) => {
    stream.subscribe((batch) => {
      for (const message of batch) if (isChangeMessage(message)) rows += 1;
      if (rows >= rowsWanted && stream.isUpToDate) resolve();
    }, reject);
  });
  if (!stays) aborter.abort();
}

/** The URL and the definition of a shape, for the official client; the bench's definitions have a table and no more. */
function split(shape: string): { readonly url: string; readonly params: { readonly table: string } } {
  const url = new URL(shape);
  const table = url.searchParams.get("table") ?? "";
  url.search = "";
  return { url: url.href, params: { table } };
}

/** Several clients in one process load one shape at the same time: milliseconds until the last has it. Official ones may stay and follow. */
export const loadShape: Part<Reading & { readonly clients: number; readonly rows: number; readonly stay?: boolean | undefined }, { readonly tookMs: number }> = async (args, ready) => {
  await ready();
  const startedMs = machineMs();
  await Promise.all(Array.from({ length: args.clients }, () => (args.client === "plain" ? readAll(args.shape, start()) : readOfficially(args.shape, args.rows, args.stay === true))));
  return { tookMs: machineMs() - startedMs };
};

/** Reads a shape without parsing it. */
export const drainShape: Part<{ readonly shape: string }, null> = async ({ shape }, ready) => {
  await ready();
  await readAll(shape, start(), false);
  return null;
};

/** The same bytes parsed alone, from memory: milliseconds. */
export const parseAlone: Part<{ readonly shape: string }, { readonly tookMs: number }> = async ({ shape }, ready) => {
  const bodies: string[] = [];
  const place = start();
  do bodies.push(await (await ask(shape, place, false)).body);
  while (!place.upToDate);
  await ready();
  const startedMs = machineMs();
  for (const body of bodies) JSON.parse(body);
  return { tookMs: machineMs() - startedMs };
};

/** Follows a shape live until the table of marks shows a mark. */
export const awaitMark: Part<{ readonly shape: string; readonly mark: string }, { readonly seenMs: number }> = async ({ shape, mark }, ready) => {
  const place = start();
  await readAll(shape, place);
  const seen = (async () => {
    for (;;) {
      const text = await (await ask(shape, place, true)).body;
      if (text.includes(`"${mark}"`)) return { seenMs: machineMs() };
    }
  })();
  await ready();
  return seen;
};

/** Follows a shape live, one client: each new row's milliseconds from being sent to being here. */
export const followRows: Part<Reading & { readonly rows: number }, { readonly latenciesMs: readonly number[] }> = async (args, ready) => {
  const latenciesMs: number[] = [];
  const take = (value: Readonly<Record<string, unknown>>): void => {
    const sentMs = Number(value["created_at"]);
    if (sentMs > 0) latenciesMs.push(machineMs() - sentMs);
  };
  if (args.client === "plain") {
    const place = start();
    await readAll(args.shape, place);
    const done = (async () => {
      while (latenciesMs.length < args.rows) for (const { value } of messages.parse(await parsed(await ask(args.shape, place, true)))) if (value) take(value);
    })();
    await ready();
    await done;
    return { latenciesMs };
  }
  const aborter = new AbortController();
  const stream = new ShapeStream({ ...split(args.shape), signal: aborter.signal });
  const done = new Promise<void>((resolve, reject) => {
    stream.subscribe((batch) => {
      for (const message of batch) if (isChangeMessage(message)) take(message.value);
      if (latenciesMs.length >= args.rows) resolve();
    }, reject);
  });
  while (!stream.isUpToDate) await new Promise((resolve) => setTimeout(resolve, 10));
  await ready();
  await done;
  aborter.abort();
  return { latenciesMs };
};

/** Many clients that follow several shapes each, live: ready when every request has been sent; answers how many rows came. */
export const holdLive: Part<{ readonly shapes: readonly string[]; readonly rows: number; readonly atOnce: number }, { readonly rows: number }> = async ({ shapes, rows, atOnce }, ready) => {
  const places = shapes.map((shape) => ({ shape, place: start() }));
  const queue = [...places];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await readAll(next.shape, next.place);
    }),
  );
  let seen = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const follow = async ({ shape, place }: { shape: string; place: Place }): Promise<void> => {
    for (;;) {
      const body = messages.parse(await parsed(await ask(shape, place, true)));
      seen += body.filter(({ value }) => value !== undefined).length;
      if (seen >= rows) finish();
    }
  };
  for (const each of places) void follow(each).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  await ready();
  await finished;
  return { rows: seen };
};
