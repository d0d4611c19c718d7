import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { SaldoError } from "@saldo/schema";

/** The streams and environment a command runs in, passed in so that it can be run in a test. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Writes a value as JSON, two spaces deep. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Aligned columns of text; the named ones (by index) to the right. */
export function tableText(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string {
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
  try {
    return await prompt.question("");
  } finally {
    prompt.close();
    terminal.stderr.write("\n");
  }
}
