import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saldo } from "./testing.ts";

let folder: string;
const account = "40702810900000000001";

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-export-"));
  const lines = ["Дата;Назначение;Контрагент;Счёт;Категория;Сумма", `01.10.2026;Возмещение;Эквайринг;${account};Выручка;148320,40`, `31.10.2026;=1+1;ИП «Ларин» & Ко;${account};Аренда;-156000,00`];
  writeFileSync(path.join(folder, "in.csv"), lines.join("\n"));
  expect(await saldo(["import", path.join(folder, "in.csv"), "--store", path.join(folder, "books")])).toMatchObject({ exitCode: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function transactionsOf(store: string): Promise<unknown> {
  const parsed: unknown = JSON.parse((await saldo(["transactions", "--store", store, "--json"])).stdout);
  return parsed;
}

describe("saldo export", () => {
  it.each([["csv"], ["xlsx"], ["ofx"], ["1c"], ["1c", "--encoding", "utf-8"]])("as %s %s %s: books made of the file have the same rows", async (format, ...more) => {
    const name = `${format}-${more.length}`;
    const file = path.join(folder, `${name}.txt`);
    const exported = await saldo(["export", "--store", path.join(folder, "books"), "--format", format, ...more, "-o", file, "--json", "--locale", "ru"]);
    expect(exported).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(exported.stdout)).toEqual({ output: file, format, rows: 2, replaced: 0 });
    const copy = path.join(folder, `copy-${name}`);
    expect(await saldo(["import", file, "--store", copy])).toMatchObject({ exitCode: 0, stderr: "" });
    const [original, again] = [await transactionsOf(path.join(folder, "books")), await transactionsOf(copy)];
    const rows = [
      { postedOn: "2026-10-31", amountMinor: -15_600_000, currency: "RUB", description: "=1+1", counterpartyName: "ИП «Ларин» & Ко" },
      { postedOn: "2026-10-01", amountMinor: 14_832_040, currency: "RUB", description: "Возмещение", counterpartyName: "Эквайринг" },
    ];
    for (const listed of [original, again]) expect(listed).toMatchObject({ rows });
  });

  it("goes to standard output and keeps to the days asked for", async () => {
    const { stdout } = await saldo(["export", "--store", path.join(folder, "books"), "--format", "csv", "--to", "2026-10-15", "--locale", "en"]);
    expect(stdout).toBe(`\ufeffDate,Description,Counterparty,Account,Category,Amount,Currency\r\n2026-10-01,Возмещение,Эквайринг,${account},Выручка,148320.40,RUB\r\n`);
  });

  it("does not write over a file", async () => {
    const file = path.join(folder, "mine.txt");
    writeFileSync(file, "mine");
    const ran = await saldo(["export", "--store", path.join(folder, "books"), "--format", "csv", "-o", file]);
    expect(ran.exitCode).not.toBe(0);
    expect(ran.stderr).toContain("cli.output_unwritable");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });
});
