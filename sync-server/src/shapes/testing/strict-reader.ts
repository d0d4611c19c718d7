import { z } from "zod";

const messages = z.array(
  z.object({
    key: z.string().optional(),
    value: z.record(z.string(), z.string().nullable()).optional(),
    headers: z.object({ operation: z.string().optional(), control: z.string().optional() }),
  }),
);

/** What a reader of plain HTTP has of a shape, and where it stands. */
export interface Standing {
  readonly handle: string | undefined;
  readonly offset: string;
  readonly rows: ReadonlyMap<string, Readonly<Record<string, string | null>>>;
}

/** Before the first request. */
export const nothingRead: Standing = { handle: undefined, offset: "-1", rows: new Map() };

/** Applies one answer to what a reader has; throws on a message that does not fit, and on any answer but 200. */
async function readAnswer(url: string, { handle, offset, rows }: Standing): Promise<{ readonly next: Standing; readonly upToDate: boolean }> {
  const address = new URL(url);
  address.searchParams.set("offset", offset);
  if (handle !== undefined) address.searchParams.set("handle", handle);
  const answer = await fetch(address);
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  const now = new Map(rows);
  for (const { key, value, headers } of messages.parse(JSON.parse(text))) {
    if (key === undefined || headers.operation === undefined) continue;
    const existing = now.get(key);
    if ((headers.operation === "insert") !== (existing === undefined)) throw new Error(`${headers.operation} of ${key} does not fit`);
    if (headers.operation === "delete") now.delete(key);
    else now.set(key, { ...existing, ...value });
  }
  return { next: { handle: answer.headers.get("electric-handle") ?? undefined, offset: answer.headers.get("electric-offset") ?? "", rows: now }, upToDate: answer.headers.has("electric-up-to-date") };
}

/** Reads on to the end; answers where it stood after each answer. `url` names the shape. */
export async function readToEnd(url: string, from: Standing): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (let at = from; ; ) {
    const { next, upToDate } = await readAnswer(url, at);
    standings.push((at = next));
    if (upToDate) return standings;
  }
}
