import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";

/** What a part of the bench is, in its own process: it gets its arguments, says when it is ready, and answers after "go". */
export type Part<Args, Answer> = (args: Args, ready: () => Promise<void>) => Promise<Answer>;

/** A part that is ready in its own process. */
export interface RunningPart<Answer> {
  readonly pid: number;
  /** Lets it go on, and waits for its answer. Throws when it fails. */
  go(): Promise<Answer>;
  stop(): Promise<void>;
}

const message = z.union([z.object({ ready: z.literal(true) }), z.object({ answer: z.unknown() }), z.object({ failure: z.string() })]);

/** Forks the program `file` and waits until its part `name` is ready. Throws when it fails before that. */
export async function startPart<Answer>(file: string, name: string, args: unknown, answer: z.ZodType<Answer>, execPath = process.execPath): Promise<RunningPart<Answer>> {
  const child = fork(file, [name], { execPath, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.send({ args });
  await nextMessage(child, name);
  return {
    pid: child.pid ?? -1,
    async go() {
      const answered = nextMessage(child, name);
      child.send("go");
      const told = await answered;
      return answer.parse("answer" in told ? told.answer : undefined);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function nextMessage(child: ChildProcess, name: string): Promise<z.output<typeof message>> {
  const told = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code, signal) => reject(new Error(`the part "${name}" ended (${code ?? signal})`)));
    child.once("error", reject);
  });
  const parsed = message.parse(told);
  if ("failure" in parsed) throw new Error(`the part "${name}" failed: ${parsed.failure}`);
  return parsed;
}

/** Runs inside the forked process: finds the part named on the command line and lives until it is stopped. */
export async function servePart(parts: Readonly<Record<string, (args: unknown, ready: () => Promise<void>) => Promise<unknown>>>): Promise<void> {
  const [name = ""] = process.argv.slice(2);
  const [given]: unknown[] = await once(process, "message");
  const tell = (told: z.output<typeof message>): void => void process.send?.(told);
  process.once("disconnect", () => process.exit(0));
  const part = Object.hasOwn(parts, name) ? parts[name] : undefined;
  try {
    if (part === undefined) throw new Error("there is no such part");
    const answer = await part(z.object({ args: z.unknown() }).parse(given).args, async () => {
      tell({ ready: true });
      await once(process, "message");
    });
    tell({ answer });
  } catch (error) {
    tell({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
