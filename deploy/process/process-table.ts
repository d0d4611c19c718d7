import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/**
 * What tells one process from a later one with the same id: its start time as the system prints it.
 * Undefined when there is no such living process (a zombie counts as dead).
 */
export function processStamp(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  if (existsSync("/proc/self/stat")) return stampOfProc(pid);
  if (process.platform === "win32") return "alive";
  return ps(pid, "lstart");
}

/** The command line of a living process, or an empty text when it cannot be read. */
export function processCommand(pid: number): string {
  try {
    if (existsSync("/proc/self/cmdline")) return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return ps(pid, "command") ?? "";
  } catch {
    return "";
  }
}

/** The parent's number of a living process; undefined when it cannot be read. */
export function parentOf(pid: number): number | undefined {
  const text = existsSync("/proc/self/stat") ? procFields(pid)?.[1] : ps(pid, "ppid");
  const parent = Number.parseInt(text ?? "", 10);
  return Number.isInteger(parent) ? parent : undefined;
}

function stampOfProc(pid: number): string | undefined {
  const fields = procFields(pid);
  return fields?.[0] === "Z" || fields?.[0] === "X" ? undefined : fields?.[19];
}

/** The fields of /proc/PID/stat from the third (state) on: the second is a name and may hold spaces. */
function procFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: "lstart" | "command" | "ppid"): string | undefined {
  try {
    return execFileSync("ps", ["-o", `${column}=`, "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || undefined;
  } catch {
    return undefined;
  }
}
