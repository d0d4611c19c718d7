import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { openBetterSqlite3 } from "@saldo/client-core/store/better-sqlite3";
import { isErrorCode } from "@saldo/schema";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { saldo } from "./testing.ts";

let folder: string;
let store: string;
let round = 0;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "saldo-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  store = path.join(folder, `books-${(round += 1)}`, "deep");
});

function file(name: string, content: string | Uint8Array): string {
  const made = path.join(folder, name);
  writeFileSync(made, content);
  return made;
}

const statement = "date,description,category,amount\n2026-09-01,Sale,Sales,100.00\n2026-09-02,Rent,Rent,-40.50\n2026-09-32,Broken,Rent,-1.00\n";
const other = "date,description,category,amount\n2026-10-01,Sale,Sales,7.00\n";
const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
const commands = ["analyze", "import", "imports", "undo", "report", "forecast", "transactions", "rates", "export", "sync", "sign-out", "inspect", "explain"];

/** The catalogue code an error text begins with. */
function codeOf(stderr: string): string | undefined {
  const code = /^saldo: (\S+): /.exec(stderr)?.[1];
  return isErrorCode(code) ? code : undefined;
}

describe("help and version", () => {
  it.each(["", ...commands])("saldo %s --help goes to stdout and ends with 0", async (command) => {
    const ran = await saldo([...(command === "" ? [] : [command]), "--help"]);
    expect(ran).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ran.stdout).toContain(`Usage: saldo ${command}`);
  });

  it("names every command, and no option takes a password", async () => {
    const { stdout } = await saldo(["--help"]);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
    expect((await saldo(["sync", "--help"])).stdout).not.toMatch(/--password[ =]?</);
  });

  it("tells its version", async () => {
    expect(await saldo(["--version"])).toEqual({ exitCode: 0, stdout: "1.2.3\n", stderr: "" });
  });
});

describe("a wrong command line ends with 2 and a code", () => {
  it.each([
    ["frob"], ["analyze"], ["analyze a b"], ["analyze x --frob"], ["analyze x --locale de"], ["analyze x --currency rub"],
    ["import x"], ["import --store S"], ["import x --store"], ["imports"], ["undo"], ["report"], ["report dashboard"], ["report nothing --store S"],
    ["report dashboard --store S --period 2026-13"], ["report detail --store S --period 2026-02-02..2026-02-01"], ["report dashboard --store S --report-currency xx"], ["transactions"],
    ["transactions --store S --limit 0"], ["transactions --store S --limit many"], ["transactions --store S --from 2024"], ["transactions --store S --from 2026-02-01 --to 2026-01-01"],
    ["sync --store S"], ["sync --store S --server ftp://x --email a@example.com"], ["sign-out"], ["inspect"], ["explain no.such_code"],
  ])("saldo %s", async (line) => {
    const ran = await saldo(line.split(" ").map((word) => (word === "S" ? store : word)));
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(codeOf(ran.stderr)).toBe("cli.wrong_usage");
    expect(existsSync(store)).toBe(false);
  });

  it("without a command, help goes to stderr", async () => {
    const ran = await saldo([]);
    expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ran.stderr).toContain("Usage: saldo");
  });

  it("does not repeat a password that was given as an argument", async () => {
    const ran = await saldo(["sync", "--store", store, "--server", "http://127.0.0.1:1", "--email", "a@example.com", "--password=secret-word"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("--password");
    expect(ran.stderr).not.toContain("secret-word");
  });

  it.each(["report dashboard", "report forecast", "report recommendations", "transactions", "imports", "undo"])("saldo %s of no books", async (line) => {
    const ran = await saldo([...line.split(" "), "--store", store]);
    expect({ exitCode: ran.exitCode, code: codeOf(ran.stderr), made: existsSync(store) }).toEqual({ exitCode: 2, code: "cli.store_missing", made: false });
  });

  it("a password is missing where nobody can be asked", async () => {
    const ran = await saldo(["sync", "--store", store, "--server", "http://127.0.0.1:1", "--email", "a@example.com"]);
    expect({ exitCode: ran.exitCode, code: codeOf(ran.stderr), made: existsSync(store) }).toEqual({ exitCode: 2, code: "cli.password_missing", made: false });
  });
});

describe("a refused file ends with 1, a code, and nothing written", () => {
  it.each([
    ["nothing.csv", undefined, "cli.file_unreadable"],
    ["empty.csv", "", "import.empty_file"],
    ["blank.csv", " \n\n", "import.empty_file"],
    ["picture.csv", png, "import.is_image"],
    ["cut.csv", 'date,description,amount\n2026-01-01,"cut,1.00\n2026-01-02,b,2.00\n', "import.unclosed_quote"],
    ["names.csv", "name,city\nA,B\nC,D\n", "import.no_date_column"],
    ["refused.csv", "date,description,amount\n2026-13-01,a,1.00\n2026-14-01,b,2.00\n", "import.no_rows"],
  ])("%s", async (name, content, code) => {
    const given = content === undefined ? path.join(folder, name) : file(name, content);
    for (const line of [["analyze", given], ["analyze", given, "--json"], ["import", given, "--store", store]]) {
      const ran = await saldo(line);
      expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 1, stdout: "" });
      // A file in which no date can be read may be told by its columns or by its rows.
      expect(name === "refused.csv" ? ["import.no_rows", "import.no_date_column"] : [code]).toContain(codeOf(ran.stderr));
    }
    expect(existsSync(path.dirname(store))).toBe(false);
  });

  it("what is not sure is told with its reason, and a file without a readable row by its first refusal", async () => {
    const unsure = file("unsure.csv", "Date,Description,Amount\n03/04/2026,a,1.00\n05/02/2026,b,2.00\n");
    const { stdout } = await saldo(["analyze", unsure]);
    expect(stdout).toMatch(/Not sure {2}In which order are day, month and year\? .*Taken: (?:day, month, year|month, day, year)\./);
    expect(stdout).toContain("All amounts are positive and nothing says whether they come in or go out.");
    const nothing = file("nothing-readable.csv", "date,description,amount\n2026-01-13,a,\n2026-01-14,b,\n,c,x\n");
    expect((await saldo(["analyze", nothing])).stderr).toMatch(/import\.(?:no_rows.*line: 2, reason: amount_missing|no_amount_column)/);
  });

  it("a folder instead of a file, a file instead of a folder, a folder nobody can make", async () => {
    const good = file("good.csv", statement);
    expect(codeOf((await saldo(["analyze", folder])).stderr)).toBe("cli.file_unreadable");
    expect(codeOf((await saldo(["import", good, "--store", good])).stderr)).toBe("store.cannot_open");
    expect(codeOf((await saldo(["import", good, "--store", path.join(good, "x")])).stderr)).toBe("store.cannot_open");
    if (existsSync("/proc/self")) expect(codeOf((await saldo(["import", good, "--store", "/proc/no/such"])).stderr)).toBe("store.cannot_open");
  });

  it("damaged books are told and left alone", async () => {
    const damaged = mkdtempSync(path.join(folder, "damaged-"));
    writeFileSync(path.join(damaged, "saldo.db"), "this is no database, whatever its name says".repeat(100));
    const ran = await saldo(["report", "dashboard", "--store", damaged]);
    expect({ exitCode: ran.exitCode, code: codeOf(ran.stderr) }).toEqual({ exitCode: 1, code: "store.damaged" });
  });

  it("an interrupted import leaves nothing", async () => {
    const ran = await saldo(["import", file("good.csv", statement), "--store", store], { signal: AbortSignal.abort() });
    expect({ exitCode: ran.exitCode, code: codeOf(ran.stderr), made: existsSync(store) }).toEqual({ exitCode: 1, code: "import.cancelled", made: false });
  });
});

describe("books from file to report", () => {
  it("a missing rate is said, and once it is given the report is in one currency", async () => {
    const rows = file("two.csv", "date,description,amount,currency\n2026-09-01,Sale,100.00,USD\n2026-09-01,Sale,50.00,EUR\n");
    await saldo(["import", rows, "--store", store, "--currency", "USD"]);
    const currencies = async () => JSON.parse((await saldo(["report", "detail", "--store", store, "--json"])).stdout);
    expect(await currencies()).toMatchObject({ combined: null, currencies: [{ currency: "USD" }, { currency: "EUR", converted: null, monthsWithoutRate: ["2026-09"] }] });
    expect(codeOf((await saldo(["rates", "--store", store, "--set", "EUR/EUR=1@2026-09-01"])).stderr)).toBe("cli.wrong_usage");
    const set = await saldo(["rates", "--store", store, "--set", "EUR/USD=1.1@2026-08-31", "--source", "ECB", "--json"]);
    const { rates } = JSON.parse(set.stdout);
    expect(rates).toMatchObject([{ base: "EUR", quote: "USD", rate: "1.1", onDate: "2026-08-31", source: "ECB" }]);
    expect(await currencies()).toMatchObject({ combined: { currency: "USD", revenueMinor: 15_500 }, currencies: [{}, { rates: [{ source: "ECB", onDate: "2026-08-31" }] }] });
    await saldo(["rates", "--store", store, "--remove", rates[0].id]);
    expect((await currencies()).combined).toBeNull();
  });

  it.each([["en", "Rent"], ["ru", "Аренда"]])("new books have the default chart, in %s", async (locale, name) => {
    await saldo(["import", file("plain.csv", "date,description,amount\n2026-09-01,Sale,100.00\n"), "--store", store, "--locale", locale]);
    const database = openBetterSqlite3({ path: path.join(store, "saldo.db") });
    const names = (await database.query(sql`select "name" from "category"`)).map((row) => row["name"]);
    await database.close();
    expect(names).toContain(name);
  });

  it("imports several files, tells the refused one, and keeps the others", async () => {
    const ran = await saldo(["import", file("a.csv", statement), file("p.csv", png), file("b.csv", other), "--store", store, "--json"]);
    expect(ran.exitCode).toBe(1);
    expect(ran.stderr).toContain("import.is_image");
    expect(JSON.parse(ran.stdout)).toMatchObject({
      rowsAdded: 3,
      rowsRefused: 1,
      files: [{ name: "a.csv", rowsAdded: 2, refused: [{ line: 4, reason: "date_impossible", column: "date" }] }, { name: "b.csv", rowsAdded: 1 }],
    });
    const listed = await saldo(["transactions", "--store", store, "--json"]);
    expect(JSON.parse(listed.stdout)).toMatchObject({ totalCount: 3, totals: [{ currency: "USD", inMinor: 10_700, outMinor: 4_050, count: 3 }], rows: [{ amountMinor: 700, category: "Sales" }, {}, {}] });
    const dashboard = await saldo(["report", "dashboard", "--store", store, "--period", "2026-09", "--json"]);
    expect(JSON.parse(dashboard.stdout)).toMatchObject({ revenue: { currentMinor: 10_000 }, expenses: { currentMinor: 4_050 }, runway: { kind: "no_burn" } });
    const detail = await saldo(["report", "detail", "--store", store, "--period", "12m", "--json"]);
    expect(JSON.parse(detail.stdout)).toMatchObject({ period: { kind: "twelve_months" }, profitAndLoss: { revenue: { figures: { currentMinor: 10_700 } }, expenses: { figures: { currentMinor: 4_050 } } } });
    expect((await saldo(["report", "detail", "--store", store, "--locale", "ru"])).stdout).toContain("Движение денег");
    expect((await saldo(["report", "dashboard", "--store", store, "--locale", "ru"])).stdout).toContain("Выручка");
  });

  it("imports every file of a folder and of its folders by name; an empty folder is told", async () => {
    const inbox = path.join(folder, "inbox");
    mkdirSync(path.join(inbox, "deep"), { recursive: true });
    writeFileSync(path.join(inbox, "b.csv"), other);
    writeFileSync(path.join(inbox, ".hidden.csv"), png);
    writeFileSync(path.join(inbox, "deep", "a.csv"), statement);
    const ran = await saldo(["import", inbox, "--store", store, "--json"]);
    expect(ran.exitCode).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ rowsAdded: 3, files: [{ name: "b.csv" }, { name: "a.csv" }] });
    const empty = path.join(folder, "empty");
    mkdirSync(empty);
    expect(codeOf((await saldo(["import", empty, "--store", store])).stderr)).toBe("cli.folder_empty");
  });

  it("reads standard input, adds nothing of the same file again unless told to, and takes imports back", async () => {
    expect((await saldo(["import", "-", "--store", store], { stdin: statement })).stdout).toContain("2 rows added, 1 refused");
    expect(await saldo(["import", "-", "--store", store], { stdin: statement })).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("0 rows added, 2 already there, 1 refused") });
    expect((await saldo(["import", "-", "--store", store, "--again"], { stdin: statement })).exitCode).toBe(0);
    const imports = JSON.parse((await saldo(["imports", "--store", store, "--json"])).stdout);
    expect(imports).toMatchObject({ imports: [{ status: "complete", rowsAdded: 2 }, { status: "complete", rowsAdded: 2 }] });
    expect((await saldo(["undo", "--store", store])).exitCode).toBe(0);
    expect((await saldo(["undo", "--store", store])).exitCode).toBe(0);
    expect(codeOf((await saldo(["undo", "--store", store])).stderr)).toBe("cli.nothing_to_undo");
    expect(JSON.parse((await saldo(["transactions", "--store", store, "--json"])).stdout)).toMatchObject({ totalCount: 0 });
  });

  it("new books count in the currency of their first file, unless one is asked for", async () => {
    const roubles = { stdin: "Дата операции;Описание;Сумма\n01.10.2026;Оплата по договору;100,00\n31.10.2026;Аренда помещения;-40,00\n" };
    const currencyAt = async (place: string): Promise<unknown> => JSON.parse((await saldo(["report", "dashboard", "--store", place, "--json"])).stdout).currency;
    await saldo(["import", "-", "--store", store], roubles);
    expect(await currencyAt(store)).toBe("RUB");
    await saldo(["import", "-", "--store", `${store}-euro`, "--currency", "EUR"], roubles);
    expect(await currencyAt(`${store}-euro`)).toBe("EUR");
  });

  it("lists more than one page", async () => {
    const rows = Array.from({ length: 1_203 }, (_, index) => `2026-10-${String((index % 28) + 1).padStart(2, "0")},row ${index},-1.00`);
    await saldo(["import", file("long.csv", ["date,description,amount", ...rows].join("\n")), "--store", store]);
    const listed: { rows: { id: string }[] } = JSON.parse((await saldo(["transactions", "--store", store, "--json", "--limit", "1201"])).stdout);
    expect([listed.rows.length, new Set(listed.rows.map(({ id }) => id)).size]).toEqual([1_201, 1_201]);
  });

  it("shows no control characters of a file", async () => {
    await saldo(["import", "-", "--store", store], { stdin: "date,description,amount\n2026-10-01,\u001B[31mred\u0007,1.00\n2026-10-02,plain,2.00\n" });
    const { stdout } = await saldo(["transactions", "--store", store]);
    expect(stdout).toContain("red");
    // oxlint-disable-next-line no-control-regex -- control characters are what it is for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F]/);
  });

  it("makes the folder and only its own files", async () => {
    await saldo(["import", file("good.csv", statement), "--store", store]);
    expect(readdirSync(store).filter((name) => !name.startsWith("saldo.db"))).toEqual(["originals"]);
    expect(readdirSync(path.join(store, "originals"))).toHaveLength(1);
  });
});

describe("words", () => {
  const bad = () => file("bad.csv", statement);

  it("says reasons in words beside the code, in the language asked for", async () => {
    expect((await saldo(["analyze", bad()])).stdout).toMatch(/Line 4 .*There is no such day.*\(date_impossible\)/);
    const inRussian = (await saldo(["analyze", bad(), "--locale", "ru"])).stdout;
    expect(inRussian).toMatch(/Столбцы +дата = /);
    expect(inRussian).toMatch(/Строка 4 .*Такого дня в календаре нет.*\(date_impossible\)/);
  });

  it.each([
    [["--locale", "ru"], {}, "Файл не удаётся прочитать."],
    [[], { LANG: "ru_RU.UTF-8" }, "Файл не удаётся прочитать."],
    [[], { LC_ALL: "en_US.UTF-8", LANG: "ru_RU.UTF-8" }, "The file cannot be read."],
    [["--locale=en"], { LANG: "ru_RU.UTF-8" }, "The file cannot be read."],
    [[], {}, "The file cannot be read."],
  ])("errors with %j and %j", async (options, environment, words) => {
    expect((await saldo(["analyze", path.join(folder, "nothing.csv"), ...options], { environment })).stderr).toContain(words);
  });

  it("explains every code", async () => {
    const { stdout } = await saldo(["explain", "--json"]);
    const all: { code: string }[] = JSON.parse(stdout);
    expect(all.length).toBeGreaterThan(50);
    expect((await saldo(["explain", "import.is_image", "--locale", "ru"])).stdout).toContain("картинка");
  });

  it("draws a progress bar on a terminal, clears it, and none in a pipe", async () => {
    const given = file("good.csv", statement);
    const onTerminal = await saldo(["import", given, "--store", store], { isTerminal: true });
    expect(onTerminal.stderr).toContain("█");
    expect(onTerminal.stderr.endsWith("\r\u001B[2K")).toBe(true);
    expect((await saldo(["analyze", given])).stderr).toBe("");
  });
});
