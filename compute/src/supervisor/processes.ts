import { fork, type ChildProcess } from "node:child_process";
import type { Logger } from "pino";

const restartDelayMs = 250;
const restartDelayMsMax = 15_000;
/** A process that lived so long was well: its next death starts the delays anew. */
const wellAfterMs = 60_000;

/** How worker processes are started and ended. */
export interface ProcessParts {
  /** The built program. */
  readonly file: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears of each process that is started. */
  readonly onStarted?: (child: ChildProcess) => void;
  /** How long a process may take to leave when asked to, before it is killed. */
  readonly stopMsMax: number;
  readonly nowMs: () => number;
  /** Numbers in [0, 1), for pauses. */
  readonly random: () => number;
  readonly log: Logger;
}

/** Processes of one program, kept at a number. */
export interface ProcessPool {
  /** Processes there are, those that start again among them. */
  readonly size: number;
  readonly pids: readonly number[];
  /** Starts processes, or asks the newest to leave after their work. */
  resize(size: number): void;
  /** Asks all to leave and waits until they have. Idempotent. */
  stop(): Promise<void>;
}

interface Slot {
  child: ChildProcess | undefined;
  timer: NodeJS.Timeout | undefined;
  failures: number;
  leaving: boolean;
  readonly left: Promise<void>;
  readonly leave: () => void;
}

/** Starts no process yet. One that dies by itself is started again after a growing random pause; `disconnect` tells it of our death. */
export function createProcessPool(parts: ProcessParts): ProcessPool {
  const { nowMs, random, log, stopMsMax } = parts;
  let slots: Slot[] = [];
  const leavings = new Set<Promise<void>>();

  const start = (slot: Slot) => {
    const startedMs = nowMs();
    const child = fork(parts.file, [...parts.argv], { env: { ...parts.env }, stdio: "inherit", execArgv: ["--enable-source-maps"] });
    slot.child = child;
    parts.onStarted?.(child);
    let gone = false;
    const onGone = (code: number | null, signal: NodeJS.Signals | null) => {
      if (gone) return;
      gone = true;
      slot.child = undefined;
      if (slot.leaving) return slot.leave();
      slot.failures = nowMs() - startedMs > wellAfterMs ? 1 : slot.failures + 1;
      const pauseMs = Math.min(restartDelayMsMax, restartDelayMs * 2 ** Math.min(slot.failures - 1, 10)) * (0.5 + random() / 2);
      log.warn({ code, signal, pauseMs: Math.round(pauseMs) }, "a worker process died; another takes its place");
      slot.timer = setTimeout(() => start(slot), pauseMs);
    };
    child.once("error", () => onGone(null, null));
    child.once("exit", onGone);
  };
  const end = (slot: Slot) => {
    slot.leaving = true;
    clearTimeout(slot.timer);
    const { child } = slot;
    if (child === undefined) slot.leave();
    else {
      const force = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
      void slot.left.then(() => clearTimeout(force));
      child.kill("SIGTERM");
    }
    const leaving = slot.left.finally(() => leavings.delete(leaving));
    leavings.add(leaving);
  };
  const resize = (size: number) => {
    while (slots.length < size) {
      const slot = emptySlot();
      slots.push(slot);
      start(slot);
    }
    for (const slot of slots.slice(size)) end(slot);
    slots = slots.slice(0, size);
  };
  return {
    get size() {
      return slots.length;
    },
    get pids() {
      return slots.map((slot) => slot.child?.pid).filter((pid) => pid !== undefined);
    },
    resize,
    stop: async () => {
      resize(0);
      await Promise.all(leavings);
    },
  };
}

function emptySlot(): Slot {
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  return { child: undefined, timer: undefined, failures: 0, leaving: false, left, leave };
}
