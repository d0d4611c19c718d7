import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { SaldoError } from "@saldo/schema";
import { expect, test } from "vitest";
import { workbookRefusals } from "../testing/statements.ts";
import { readWhole } from "../testing/read-whole.ts";

const folder = fileURLToPath(new URL("../../../../../shared/data/statements/", import.meta.url));
const isPresent = existsSync(folder);

function checkRealWorkbooks(): void {
  test("every workbook of the folder has an expectation", () => {
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.(?:xlsx|xls|ods)$/.test(name));
    expect(found.toSorted()).toEqual(Object.keys(workbookRefusals).toSorted());
  });

  test.each(Object.entries(workbookRefusals))("%s is refused for what it is", async (path, { code }) => {
    const outcome = await readWhole(new Uint8Array(readFileSync(folder + path))).then(
      () => "read",
      (error: unknown) => (error instanceof SaldoError ? error.code : String(error)),
    );
    expect(outcome).toBe(code);
  });
}

if (isPresent) checkRealWorkbooks();
else test("NOT CHECKED: the folder of real statement files is absent beside the repository", () => expect(isPresent).toBe(false));
