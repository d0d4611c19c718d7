import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { saldo } from "./testing.ts";

const folder = mkdtempSync(path.join(tmpdir(), "saldo-duplicates-"));
let store: string;
let round = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  store = path.join(folder, `books-${(round += 1)}`);
  await saldo(["import", "-", "--store", store], { stdin: statementOf(booked) });
});

interface Line {
  readonly day: number;
  readonly text: string;
  readonly amount: string;
}

const booked: readonly Line[] = Array.from({ length: 130 }, (_, at) => ({ day: 1 + (at % 25), text: `Taxi ride ${at} station`, amount: `-${10 + at}.00` }));

function statementOf(lines: readonly Line[]): string {
  return ["date,description,amount", ...lines.map(({ day, text, amount }) => `2026-09-${String(day).padStart(2, "0")},${text},${amount}`)].join("\n");
}

/** The same rides as another bank tells them: a day later, in words a little different; and one that is new. */
const likeThem = file("like.csv", statementOf([...booked.map(({ day, text, amount }) => ({ day: day + 1, text: `${text} card`, amount })), { day: 28, text: "Rent of the office", amount: "-999.00" }]));

function file(name: string, content: string): string {
  const made = path.join(folder, name);
  writeFileSync(made, content);
  return made;
}

async function countOf(): Promise<unknown> {
  return JSON.parse((await saldo(["transactions", "--store", store, "--json"])).stdout).totalCount;
}

describe("rows like others of the books", () => {
  it("are asked about one by one, those beyond the first page too; no answer leaves a row out", async () => {
    const ran = await saldo(["import", likeThem, "--store", store, "--duplicates", "ask"], { answers: [...booked.map((_, at) => (at === 0 || at === 129 ? "y" : "n"))] });
    expect(ran.stdout).toContain("3 rows added, 128 left out to look at");
    expect(ran.stderr.match(/Add it as another one\?/g)).toHaveLength(130);
    expect(await countOf()).toBe(133);
  });

  it("are asked about at a terminal only", async () => {
    const ran = await saldo(["import", likeThem, "--store", store, "--duplicates", "ask"]);
    expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("only in a terminal") });
    expect(await countOf()).toBe(130);
  });

  it("are left out, or added all", async () => {
    expect((await saldo(["import", likeThem, "--store", store])).stdout).toContain("1 rows added, 130 left out to look at");
    expect((await saldo(["import", likeThem, "--store", store, "--duplicates", "import"])).stdout).toContain("130 rows added, 1 already there");
    expect(await countOf()).toBe(261);
  });
});

describe("rows told by number", () => {
  it("of each of the three groups are overruled", async () => {
    const same = file("same.csv", statementOf([...booked.slice(0, 5), { day: 28, text: "Rent of the office", amount: "-999.00" }, { day: 12, text: "Taxi ride 10 station card", amount: "-20.00" }]));
    const ran = JSON.parse((await saldo(["import", same, "--store", store, "--json", "--add", "0,2-3,6", "--skip", "5"])).stdout);
    expect(ran).toMatchObject({ rowsAdded: 4, files: [{ groups: { there: 5, look: 1, new: 1 } }] });
    expect(await countOf()).toBe(134);
  });

  it.each(["x", "3-1", "1,,2"])("%s is no list of them", async (rows) => {
    expect(await saldo(["import", likeThem, "--store", store, "--add", rows])).toMatchObject({ exitCode: 2 });
  });
});
