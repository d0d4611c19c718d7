import { z } from "zod";

const values = z.record(z.string(), z.string().nullable());
const headers = z.looseObject({
  operation: z.enum(["insert", "update", "delete"]).optional(),
  control: z.string().optional(),
  relation: z.array(z.string()).optional(),
  txids: z.array(z.number()).optional(),
  lsn: z.string().optional(),
  op_position: z.number().optional(),
  last: z.boolean().optional(),
  key_change_to: z.string().optional(),
  key_change_from: z.string().optional(),
});

/** One message of a shape, as it is on the wire. */
export const shapeMessage = z.object({ key: z.string().optional(), value: values.optional(), old_value: values.optional(), headers });

/** Parsed form of a message. */
export type ShapeMessage = z.infer<typeof shapeMessage>;

/** What a reader without a client package has of a shape. */
export interface ReadShape {
  readonly handle: string;
  readonly offset: string;
  readonly schema: string;
  /** In order, control messages left out. */
  readonly messages: readonly ShapeMessage[];
}

/** Reads a shape from a position (or the start) until it is up to date. Throws on any status but 200. */
export async function readShape(url: string, params: Readonly<Record<string, string>>, from?: ReadShape): Promise<ReadShape> {
  let [handle, offset, schema] = [from?.handle ?? "", from?.offset ?? "-1", ""];
  const messages: ShapeMessage[] = [];
  for (;;) {
    const query = new URLSearchParams({ ...params, offset, ...(offset === "-1" ? {} : { handle }) });
    const response = await fetch(`${url}?${query.toString()}`);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    messages.push(...z.array(shapeMessage).parse(JSON.parse(text)).filter(({ key }) => key !== undefined));
    handle = response.headers.get("electric-handle") ?? "";
    offset = response.headers.get("electric-offset") ?? "";
    schema = response.headers.get("electric-schema") ?? schema;
    if (response.headers.has("electric-up-to-date")) return { handle, offset, schema, messages };
  }
}

/** Rows by key after these messages; throws when one of them cannot follow the ones before it. */
export function materialise(messages: readonly ShapeMessage[], rows = new Map<string, Record<string, string | null>>()): Map<string, Record<string, string | null>> {
  for (const { key, value, headers: { operation } } of messages) {
    if (key === undefined || value === undefined) continue;
    const existing = rows.get(key);
    if ((operation === "insert") !== (existing === undefined)) throw new Error(`${operation ?? "?"} of ${key}`);
    if (operation === "delete") rows.delete(key);
    else rows.set(key, { ...existing, ...value });
  }
  return rows;
}
