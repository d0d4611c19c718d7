import type { Terminal } from "./terminal.ts";

/** Shows how far a long command has come. */
export interface Progress {
  /** `total` null while it is not known. */
  update(label: string, done: number, total: number | null): void;
  /** Clears the line. */
  end(): void;
}

const barWidth = 24;
const redrawMs = 80;

/** A progress bar on a terminal's stderr; nothing in a pipe. `nowMs` is a monotonic clock. */
export function createProgress(terminal: Terminal, nowMs: () => number): Progress {
  if (!terminal.stderr.isTTY) return { update: () => undefined, end: () => undefined };
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return {
    update(label, done, total) {
      const complete = total !== null && done >= total;
      if (!complete && nowMs() - drawnAtMs < redrawMs) return;
      drawnAtMs = nowMs();
      drawn = true;
      terminal.stderr.write(`\r\u001B[2K${label} ${barText(done, total)}`);
    },
    end() {
      if (drawn) terminal.stderr.write("\r\u001B[2K");
    },
  };
}

/** `[██████░░░░] 60%`, or a bare count while the total is not known. */
export function barText(done: number, total: number | null): string {
  if (total === null || total === 0) return done.toLocaleString("en");
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * barWidth);
  return `[${"█".repeat(filled)}${"░".repeat(barWidth - filled)}] ${Math.floor(share * 100)}%`;
}
