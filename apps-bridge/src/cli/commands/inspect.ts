import { existsSync } from "node:fs";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { inspectStore, type StoreInspection } from "@saldo/client-core/sync";
import { SaldoError } from "@saldo/schema";
import { databasePath } from "../store-folder.ts";
import { printJson, tableText, type Terminal } from "../terminal.ts";
import type { StoreOptions } from "./books-commands.ts";

/**
 * Prints a store from within: where sync stands, what waits, what failed, rows by table; never a value of a row. Nothing is changed: a store of an
 * older or newer version is not migrated. Throws `SaldoError` `cli.store_missing`, `store.in_use`, `store.damaged`.
 */
export async function inspect(terminal: Terminal, { store, json, fresh }: StoreOptions): Promise<void> {
  const path = databasePath(store);
  if (!existsSync(path)) throw new SaldoError("cli.store_missing", { store });
  const database = openBetterSqlite3({ path });
  try {
    const inspection = await inspectStore(database);
    if (json) printJson(terminal, inspection);
    else terminal.stdout.write(inspectionText(inspection, texts[fresh.locale]));
  } finally {
    await database.close();
  }
}

const texts = {
  en: {
    store: "Store", size: "size", schema: "schema", migrations: "migrations", server: "server", workspace: "company", user: "person", client: "device", generation: "generation", never: "never synced",
    checkpoint: "Checkpoint", none: "none", outbox: "Outbox", pending: "pending", confirmed: "confirmed", rejected: "rejected", oldest: "oldest", staged: "staged", last: "last number",
    checksums: "Compared at a checkpoint", recounted: "Stored rows read again", asked: "Compared on demand", same: "the same", different: "different", unknown: "not counted yet", ever: "differences ever", failures: "Last failures", rejections: "Refused changes",
    tables: "Rows by table", rows: "rows", waiting: "with a pending change", shapes: "Cursors", shape: "shape", status: "status", offset: "offset", handle: "handle",
  },
  ru: {
    store: "Хранилище", size: "размер", schema: "схема", migrations: "миграции", server: "сервер", workspace: "компания", user: "человек", client: "устройство", generation: "поколение", never: "не синхронизировалось",
    checkpoint: "Контрольная точка", none: "нет", outbox: "Исходящие", pending: "ждут", confirmed: "подтверждены", rejected: "отклонены", oldest: "самая ранняя", staged: "отложено", last: "последний номер",
    checksums: "Сверка в контрольной точке", recounted: "Строки перечитаны", asked: "Сверка по запросу", same: "совпали", different: "разошлись", unknown: "ещё не пересчитаны", ever: "расхождений всего", failures: "Последние сбои", rejections: "Отклонённые правки",
    tables: "Строки по таблицам", rows: "строк", waiting: "с ожидающей правкой", shapes: "Курсоры", shape: "набор", status: "состояние", offset: "смещение", handle: "журнал",
  },
} as const;

type Words = Readonly<Record<keyof (typeof texts)["en"], string>>;

function inspectionText(found: StoreInspection, t: Words): string {
  const { versions, identity, checkpoint, outbox, checksums } = found;
  const comparison = (last: typeof checksums.asked, place = "") => (last ? `${place}${last.at}: ${t.same} ${last.same}, ${t.different} ${last.different}, ${t.unknown} ${last.unknown}` : t.none);
  const facts = [
    [t.store, `${t.size} ${sizeText(found.storeBytes)}, ${t.schema} ${versions.schema}, ${t.migrations} ${versions.migrationsApplied}/${versions.migrationsKnown}`],
    [t.server, identity.server ?? t.never],
    [t.workspace, identity.workspaceId ?? t.none],
    [t.user, identity.userId ?? t.none],
    [t.client, `${identity.clientId ?? t.none}, ${t.generation} ${identity.generation ?? t.none}`],
    [t.checkpoint, checkpoint ? `LSN ${checkpoint.lsn}, ${checkpoint.appliedAt}, ${t.staged} ${found.staged}` : t.none],
    [t.outbox, `${t.pending} ${outbox.pending} (${sizeText(outbox.pendingBytes)}${outbox.oldestPendingAt ? `, ${t.oldest} ${outbox.oldestPendingAt}` : ""}), ${t.confirmed} ${outbox.confirmed}, ${t.rejected} ${outbox.rejected}, ${t.last} ${outbox.lastSeq}`],
    [t.checksums, comparison(checksums.atCheckpoint, checksums.atCheckpoint ? `LSN ${checksums.atCheckpoint.lsn}, ` : "")],
    [t.recounted, `${checksums.recountedAt ?? t.none}; ${t.ever} ${checksums.differencesEver}`],
    [t.asked, comparison(checksums.asked)],
  ];
  const parts = [tableText(facts)];
  const section = (title: string, rows: readonly (readonly string[])[], right: readonly number[] = []) => {
    if (rows.length > 0) parts.push(`${title}\n${tableText(rows.map((row) => [" ", ...row]), right.map((index) => index + 1))}`);
  };
  section(t.failures, found.failures.map(({ at, code }) => [at, code]));
  section(t.rejections, found.rejections.map(({ at, code, mutation, status }) => [at, code, mutation, status]));
  section(t.tables, [["", t.rows, t.waiting], ...found.tables.filter(({ rows, pending }) => rows > 0 || pending > 0).map(({ name, rows, pending }) => [name, String(rows), String(pending)])], [1, 2]);
  if (found.shapes.length > 0) section(t.shapes, [[t.shape, t.status, "LSN", t.offset, t.handle], ...found.shapes.map(({ name, status, lsn, offset, handle }) => [name, status, lsn, offset, handle ?? ""])], [2]);
  return parts.join("\n");
}

function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1_024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
