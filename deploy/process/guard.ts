import { type ChildProcess, spawn } from "node:child_process";

/** How long a program may take to leave after the polite signal, in whole seconds. */
const leaveWaitSecondsMax = 8;

const script = `cat >/dev/null
kill -s "$2" "$1" || exit 0
for second in $(seq ${leaveWaitSecondsMax}); do sleep 1; kill -0 "$1" 2>/dev/null || exit 0; done
kill -s KILL "$1"`;

/**
 * Ties a child to our life: a small shell waits on a pipe for our end and then stops the child, also when we were killed with -9 and
 * could do nothing ourselves. Nothing is done on Windows. The guard goes when the child does.
 */
export function guard(child: ChildProcess, signal: "INT" | "TERM"): void {
  if (process.platform === "win32" || child.pid === undefined) return;
  const watcher = spawn("/bin/sh", ["-c", script, "sh", String(child.pid), signal], { stdio: ["pipe", "ignore", "ignore"], cwd: "/", detached: true });
  watcher.on("error", () => undefined);
  watcher.stdin.on("error", () => undefined);
  child.once("exit", () => watcher.kill("SIGKILL"));
  watcher.unref();
}
