import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { statementFigures, statementsWithoutDates } from "@saldo/client-core/import/testing";
import { describe, expect, it } from "vitest";
import { saldo } from "./testing.ts";

const folder = fileURLToPath(new URL("../../../../shared/data/statements/", import.meta.url));

function checkRealFiles(): void {
  describe("saldo analyze of real statements, against figures counted without our parser", () => {
    it.each(Object.entries(statementFigures))("%s", async (path, figures) => {
      const ran = await saldo(["analyze", folder + path, "--json"]);
      expect({ exitCode: ran.exitCode, stderr: ran.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(JSON.parse(ran.stdout)).toMatchObject({
        format: "csv",
        encoding: expect.any(String),
        delimiter: expect.any(String),
        headerLine: expect.any(Number),
        mapping: { date: expect.any(String) },
        rowsRead: figures.rows,
        rowsRefused: figures.refused ?? 0,
        sums: [{ currency: figures.currency, rows: figures.rows, inMinor: figures.moneyIn, outMinor: -figures.moneyOut }],
        firstDate: figures.firstOn,
        lastDate: figures.lastOn,
        dashboard: { currency: figures.currency, transactionCount: figures.rows },
      });
    });

    it.each(statementsWithoutDates)("%s is refused", async (path) => {
      const ran = await saldo(["analyze", folder + path, "--json"]);
      expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(ran.stderr).toContain("import.no_date_column");
    });
  });
}

if (existsSync(folder)) checkRealFiles();
else it("NOT CHECKED: the folder of real statement files is absent beside the repository", () => expect(existsSync(folder)).toBe(false));
