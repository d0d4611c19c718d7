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
  /** What a person at a terminal answers, question by question. */
  readonly answers?: readonly string[];
}

/** Runs one command line in this process, over streams of its own. */
export async function saldo(parameters: readonly string[], settings: RunSettings = {}): Promise<Ran> {
  const stdout = collector(false);
  const stderr = collector(settings.isTerminal === true || settings.answers !== undefined);
  let clockMs = 0;
  const exitCode = await runCommandLine(parameters, {
    terminal: { stdin: settings.answers === undefined ? Readable.from(settings.stdin === undefined ? [] : [Buffer.from(settings.stdin)]) : answering(settings.answers, stderr.stream), stdout: stdout.stream, stderr: stderr.stream, environment: settings.environment ?? {} },
    signal: settings.signal ?? new AbortController().signal,
    version: "1.2.3",
    random: () => 0.5,
    nowMs: () => (clockMs += 1_000),
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

/** Standard input of a terminal where each question is answered as it is asked; with no answer left the input ends. */
function answering(answers: readonly string[], questions: Writable): Readable & { readonly isTTY: boolean } {
  const left = [...answers];
  const input = Object.assign(new PassThrough(), { isTTY: true });
  questions.on("data", (piece: Buffer) => {
    if (!/\[[^\]]+\] $/.test(piece.toString("utf8"))) return;
    const answer = left.shift();
    if (answer === undefined) input.end();
    else input.write(`${answer}\n`);
  });
  return input;
}

function collector(isTTY: boolean): { readonly stream: Writable & { readonly isTTY: boolean }; readonly text: () => string } {
  const pieces: Buffer[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY });
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  return { stream, text: () => Buffer.concat(pieces).toString("utf8") };
}
