import { rowHasher, runningSum, schemaVersion, schemaVersionHeader, sumsAnswer, tableCodec, tableNames, tables, toBound, fromStored, type NotifySums, type RowsSum } from "@saldo/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backends, startRelayWith } from "../testing/backends.ts";
import { authorised, registerDevice, signUpPerson, type Device } from "../testing/person.ts";
import type { TestRelay } from "../testing/relay.ts";
import { readNotify } from "../testing/sse.ts";

let relay: TestRelay;

const writers = 6;
const transactionsOfWriter = 40;
const version = { [schemaVersionHeader]: String(schemaVersion) };

const freshDevice = async () => registerDevice(relay.url, await signUpPerson(relay.url));
const openNotify = (device: Device, query = "") =>
  fetch(`${relay.url}/v1/notify?workspace=${device.person.workspaceId}&client=${device.clientId}${query}`, { headers: { ...authorised(device.person.token), ...version } });

async function sumsBySql(device: Device): Promise<NotifySums> {
  const answer = await fetch(`${relay.url}/v1/sums?workspace=${device.person.workspaceId}&client=${device.clientId}&shapes=${tableNames.join()}`, { headers: { ...authorised(device.person.token), ...version } });
  return sumsAnswer.parse(await answer.json()).sums;
}

/** Reads a device's stream: every sum told with its LSN, and the last of each shape. */
function follow(answer: Response) {
  const told: { readonly lsn: bigint; readonly sums: NotifySums }[] = [];
  const last = new Map<string, RowsSum>();
  const reader = readNotify(answer);
  let stop = false;
  const done = (async () => {
    for (let event = await reader.next(); event !== null && !stop; event = await reader.next()) {
      for (const name of event.event === "check" ? tableNames : event.shapes) last.delete(name);
      for (const [name, sum] of Object.entries(event.sums ?? {})) last.set(name, sum);
      if (event.sums) told.push({ lsn: BigInt(event.lsn), sums: event.sums });
    }
  })();
  const close = async () => {
    stop = true;
    await reader.close();
    await done.catch(() => undefined);
  };
  return { told, last, close };
}

interface Change {
  readonly lsn: bigint;
  readonly id: string;
  readonly operation: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Every change of the categories of a workspace from the beginning of its shape. */
async function changesOf(device: Device, cursor: { handle: string; offset: string }): Promise<Change[]> {
  const changes: Change[] = [];
  for (let { handle, offset } = cursor; ; ) {
    const answer = await fetch(`${relay.url}/v1/shapes/category?scope=${device.person.workspaceId}&offset=${offset}${handle === "" ? "" : `&handle=${handle}`}`, { headers: authorised(device.person.token) });
    expect(answer.status).toBe(200);
    const messages: { value?: Record<string, unknown>; headers: Record<string, string> }[] = await answer.json();
    for (const { value, headers } of messages) if (value) changes.push({ lsn: BigInt(headers["lsn"] ?? 0), id: String(value["id"]), operation: headers["operation"] ?? "", value });
    handle = answer.headers.get("electric-handle") ?? "";
    offset = answer.headers.get("electric-offset") ?? "";
    if (answer.headers.has("electric-up-to-date")) return changes;
  }
}

/** What changes through an LSN come to. */
function sumThrough(changes: readonly Change[], lsn: bigint): RowsSum {
  const rows = new Map<string, Record<string, unknown>>();
  for (const change of changes) {
    if (change.lsn > lsn) continue;
    if (change.operation === "delete") rows.delete(change.id);
    else rows.set(change.id, { ...rows.get(change.id), ...change.value });
  }
  const hasher = rowHasher(tables.category);
  const sum = runningSum();
  const { columns } = tableCodec(tables.category);
  for (const row of rows.values()) {
    sum.add(hasher.ofValues(columns.map(({ sql, declaration: { type } }) => toBound(type, fromStored(type, row[sql]), "postgres"))));
  }
  return sum.value();
}

/** One of several at once that write, change, move between workspaces and remove categories, several rows in a transaction. */
async function write(writer: number, workspaces: readonly string[]): Promise<void> {
  const id = (index: number) => `w${writer}-${index % 12}`;
  for (let turn = 0; turn < transactionsOfWriter; turn++) {
    const [here = "", there = ""] = turn % 2 === 0 ? workspaces : workspaces.toReversed();
    const insert = (at: number) => relay.sql(`insert into category (id, workspace_id, name, kind, parent_id, slot, archived, created_at)
      values ($1, $2, $3, 'expense', null, 1, false, '2026-01-01T00:00:00.000Z') on conflict (workspace_id, id) do update set name = excluded.name`, [id(at), here, `Кофе ${turn}`]);
    if (turn % 5 < 3) await insert(turn);
    else if (turn % 5 === 3) await relay.sql(`update category c set workspace_id = $1, archived = not archived where id like $2 and workspace_id = $3
      and not exists (select 1 from category o where o.id = c.id and o.workspace_id = $1)`, [there, `w${writer}-%`, here]);
    else await relay.sql(`delete from category where id = $1 and workspace_id = any($2)`, [id(turn * 7), workspaces]);
  }
}

describe.each(backends)("sums told with the notify stream, %s", (backend) => {
  beforeAll(async () => {
    relay = await startRelayWith(backend);
    const probe = await freshDevice();
    while ((await openNotify(probe)).status === 503);
  });
  afterAll(() => relay.dispose());

  it("are the database's, of every shape of the device", async () => {
    const device = await freshDevice();
    const { last, close } = follow(await openNotify(device));
    await expect.poll(() => [...last.keys()].toSorted()).toEqual(tableNames.toSorted());
    const bySql = await sumsBySql(device);
    await expect.poll(() => Object.fromEntries(last)).toEqual(bySql);
    await close();
  });

  it("hold exactly at the LSN they are told for, whatever is written while they are first read", async () => {
    const [device, other] = [await freshDevice(), await freshDevice()];
    const workspaces = [device.person.workspaceId, other.person.workspaceId];
    await changesOf(device, { handle: "", offset: "-1" });
    const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer, workspaces)));
    let isWriting = true;
    const written = writing.finally(() => (isWriting = false));
    const told: { readonly lsn: bigint; readonly sums: NotifySums }[] = [];
    // A device that comes while rows change gets sums whose baseline was read among the changes.
    const first = follow(await openNotify(device));
    while (isWriting) {
      const late = follow(await openNotify(other));
      await expect.poll(() => !isWriting || late.last.has("category")).toBe(true);
      await late.close();
    }
    await written;
    const { category } = await sumsBySql(device);
    await expect.poll(() => first.last.get("category")).toEqual(category);
    told.push(...first.told);
    await first.close();
    const changes = await changesOf(device, { handle: "", offset: "-1" });
    const compared = told.filter(({ sums }) => sums["category"] !== undefined);
    expect(compared.length).toBeGreaterThan(0);
    for (const { lsn, sums } of compared) expect(sums["category"], `at ${lsn}`).toEqual(sumThrough(changes, lsn));
  });

  it("are not told to a device that does not say that it knows the same columns", async () => {
    const device = await freshDevice();
    const { last, close } = follow(await openNotify(device));
    await expect.poll(() => last.size).toBe(tableNames.length);
    await close();
    const answer = await fetch(`${relay.url}/v1/notify?workspace=${device.person.workspaceId}&client=${device.clientId}`, { headers: authorised(device.person.token) });
    const reader = readNotify(answer);
    expect(await reader.next()).not.toHaveProperty("sums");
    await reader.close();
  });
});
