import { PassThrough, Readable, type Writable } from "node:stream";
import { runCommandLine } from "./run.ts";

/** What a command did, as whoever ran it sees it. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run in a test; nothing is inherited from the machine. */
export interface RunSettings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** True when stderr is a terminal. */
  readonly isTerminal?: boolean;
}

/** Runs one command line in this process, over streams of its own. */
export async function saldo(parameters: readonly string[], settings: RunSettings = {}): Promise<Ran> {
  const stdout = collector(false);
  const stderr = collector(settings.isTerminal === true);
  let clockMs = 0;
  const exitCode = await runCommandLine(parameters, {
    terminal: { stdin: Readable.from(settings.stdin === undefined ? [] : [Buffer.from(settings.stdin)]), stdout: stdout.stream, stderr: stderr.stream, environment: settings.environment ?? {} },
    signal: settings.signal ?? new AbortController().signal,
    version: "1.2.3",
    random: () => 0.5,
    nowMs: () => (clockMs += 1_000),
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(isTTY: boolean): { readonly stream: Writable & { readonly isTTY: boolean }; readonly text: () => string } {
  const pieces: Buffer[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  return { stream, text: () => Buffer.concat(pieces).toString("utf8") };
}
