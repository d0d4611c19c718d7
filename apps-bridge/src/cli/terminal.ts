import { createInterface } from "node:readline/promises";
import { Writable, type Readable } from "node:stream";
import { SaldoError } from "@saldo/schema";

/** The streams and environment a command runs in, passed in so that it can be run in a test. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Languages a command speaks. */
export type Locale = "en" | "ru";

/** Writes a value as JSON, two spaces deep. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Characters that move the cursor or command a terminal; a file may hold them. */
// oxlint-disable-next-line no-control-regex -- control characters are what it is for
const controlCharacters = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g;

/** Aligned columns of text, the named ones (by index) to the right; what would command a terminal becomes a blank. */
export function tableText(table: readonly (readonly string[])[], rightAligned: readonly number[] = []): string {
  const rows = table.map((row) => row.map((cell) => cell.replace(controlCharacters, " ")));
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) => (rightAligned.includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** Asks a person for a line. Throws `SaldoError` `cli.wrong_usage` where nobody can be asked, `cli.interrupted` on Ctrl-C. */
export async function askLine(terminal: Terminal, question: string): Promise<string> {
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY) throw new SaldoError("cli.wrong_usage", { option: "--duplicates ask", form: "only in a terminal" });
  const prompt = createInterface({ input: terminal.stdin, output: terminal.stderr, terminal: true });
  const given = new Promise<string>((resolve, reject) => {
    prompt.once("SIGINT", () => reject(new SaldoError("cli.interrupted")));
    prompt.once("close", () => resolve(""));
    prompt.question(question).then(resolve, reject);
  });
  try {
    return await given;
  } finally {
    prompt.close();
  }
}

const passwordBytesMax = 4_096;

/**
 * The password, from `SALDO_PASSWORD`, from standard input when asked to, or from a prompt that shows nothing; never an argument.
 * Throws `SaldoError` `cli.password_missing` when there is none of them.
 */
export async function readPassword(terminal: Terminal, fromStdin: boolean): Promise<string> {
  if (fromStdin) {
    let text = "";
    for await (const piece of terminal.stdin) {
      text += String(piece);
      if (text.length > passwordBytesMax) break;
    }
    const password = text.replace(/\r?\n[\s\S]*$/, "");
    if (password === "") throw new SaldoError("cli.password_missing");
    return password;
  }
  const fromEnvironment = terminal.environment["SALDO_PASSWORD"];
  if (fromEnvironment !== undefined && fromEnvironment !== "") return fromEnvironment;
  if (!terminal.stdin.isTTY || !terminal.stderr.isTTY) throw new SaldoError("cli.password_missing");
  return promptHidden(terminal, "Password: ");
}

async function promptHidden(terminal: Terminal, question: string): Promise<string> {
  terminal.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: terminal.stdin, output: silent, terminal: true });
  // While a line is edited, Ctrl-C and Ctrl-D come as keys, and a prompt that is closed would wait for ever.
  const given = new Promise<string>((resolve, reject) => {
    prompt.once("SIGINT", () => reject(new SaldoError("cli.interrupted")));
    prompt.once("close", () => reject(new SaldoError("cli.password_missing")));
    prompt.question("").then(resolve, reject);
  });
  try {
    return await given;
  } finally {
    prompt.close();
    terminal.stderr.write("\n");
  }
}
