import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saldo } from "../testing.ts";

describe("categorise", () => {
  let folder: string;
  let train: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "saldo-categorise-"));
    train = join(folder, "train.csv.gz");
    await writeFile(train, gzipSync("поставщик;назначение;сумма;статья\nООО Дом;Аренда за май;-500,00;Аренда\nООО Дом;Аренда за июнь;-500,00;Аренда\nКафе;Обед;-3,00;Питание\nНовый;без статьи;-1,00;\n"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const run = (input: string, ...more: string[]) => saldo(["categorise", "--train", train, "--input", "-", "--label", "статья", "--text", "поставщик, назначение", "--amount", "сумма", ...more], { stdin: input });

  it("gives a category where it is sure, says why, and abstains with a suggestion where it is not", async () => {
    const ran = await run("сумма,назначение,поставщик\n-500.00,Аренда за июль,ООО Дом\n-7.00,Штраф,Неизвестный\n", "--json");
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(JSON.parse(ran.stdout)).toEqual([
      { line: 2, label: "Аренда", confidence: expect.any(Number), abstained: false, suggestion: "Аренда", why: { by: "memory", rows: 2, sameRows: 0, agreed: 2 } },
      { line: 3, label: null, confidence: expect.any(Number), abstained: true, suggestion: expect.any(String), why: { by: "words" } },
    ]);
    expect((await run("сумма,назначение,поставщик\n-500.00,Аренда за июль,ООО Дом\n")).stdout).toMatch(/^line +category +confidence +suggestion\n +2 +Аренда +\d+\.\d%\n$/);
  });

  it("lets the newer of two choices weigh more, in whatever order the table has them", async () => {
    const dated = join(folder, "dated.csv");
    const years = (order: readonly string[]) => order.map((year) => `${year}-05-04,Harbour,Supplies ${year},-12.00,${year === "2025" ? "Repairs" : "Goods"}\n`).join("");
    for (const order of [["2024", "2025"], ["2025", "2024"]]) {
      await writeFile(dated, `date,supplier,memo,amount,category\n${years(order)}`);
      const ran = await saldo(["categorise", "--train", dated, "--input", "-", "--label", "category", "--text", "supplier,memo", "--amount", "amount", "--json"], { stdin: "supplier,memo,amount\nHarbour,Other,-5.00\n" });
      expect(JSON.parse(ran.stdout)).toMatchObject([{ suggestion: "Repairs" }]);
    }
  });

  it("refuses a table without a named column, and one with nothing to learn from", async () => {
    expect((await run("сумма,поставщик\n-1,А\n")).stderr).toMatch(/^saldo: categorise\.no_column: /);
    const empty = await saldo(["categorise", "--train", "-", "--input", train, "--label", "c", "--text", "t", "--amount", "a"], { stdin: "t,a,c\nx,1,\ny,2,\n" });
    expect(empty).toMatchObject({ exitCode: 1, stdout: "" });
    expect(empty.stderr).toMatch(/^saldo: categorise\.no_labels: /);
  });
});
