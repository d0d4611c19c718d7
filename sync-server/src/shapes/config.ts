import { parseArgs } from "node:util";
import type { z } from "zod";
import { maskedUrl } from "./configuration/database-url.ts";
import { alreadySo, flags, olderNames, type SettingName, settingsShape } from "./configuration/settings.ts";

/** Configuration of the service when it runs alone. */
export type ShapeServerConfig = Readonly<z.output<typeof settingsShape>>;

/** What the command line and the environment ask for. */
export type ShapeServerCommand =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "serve"; readonly config: ShapeServerConfig; /** Variables of Electric that are set and mean nothing here. */ readonly unsupported: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const settingNames = settingsShape.keyof().options;

function fromCommandLine(args: readonly string[]): { readonly values: Partial<Record<SettingName, string>>; readonly asked: "help" | "version" | undefined } {
  const options = Object.fromEntries(settingNames.map((name) => [flags[name].flag, { type: flags[name].value === undefined ? ("boolean" as const) : ("string" as const) }]));
  const { values } = parseArgs({ args: [...args], options: { ...options, help: { type: "boolean", short: "h" }, version: { type: "boolean" } }, allowPositionals: false });
  const given: Partial<Record<SettingName, string>> = {};
  const byFlag: Readonly<Record<string, unknown>> = values;
  for (const name of settingNames) {
    const value = byFlag[flags[name].flag];
    if (typeof value === "string") given[name] = value;
    else if (value === true) given[name] = "true";
  }
  return { values: given, asked: values.help === true ? "help" : values.version === true ? "version" : undefined };
}

/** Empty variables count as not set: that is how many deployment tools write "none". */
function fromEnvironment(env: Environment): Partial<Record<SettingName, string>> {
  const values: Partial<Record<SettingName, string>> = {};
  for (const [older, name] of olderNames) if (env[older]) values[name] = env[older];
  for (const name of settingNames) if (env[name]) values[name] = env[name];
  return values;
}

function unsupportedIn(env: Environment): readonly string[] {
  const known = new Set<string>([...settingNames, ...olderNames.keys()]);
  const electrics = Object.keys(env).filter((name) => /^(ELECTRIC_|OTEL_|SENTRY_DSN$)/.test(name) && !known.has(name));
  return electrics.filter((name) => env[name] && !alreadySo.get(name)?.test(env[name])).toSorted();
}

/** Reads flags (they win) and environment; throws a message in words that names what is wrong and never repeats a value. */
export function readShapeServerConfig(env: Environment, args: readonly string[] = []): ShapeServerCommand {
  const { values, asked } = fromCommandLine(args);
  if (asked !== undefined) return { kind: asked };
  const parsed = settingsShape.safeParse({ ...fromEnvironment(env), ...values });
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path: [name], message }) => `  ${String(name)}${faultOf(settingNames.find((known) => known === name), message)}`);
    throw new Error(`configuration:\n${faults.join("\n")}\n(--help lists all settings)`);
  }
  const config = Object.freeze(parsed.data);
  if (config.ELECTRIC_SECRET === undefined && !config.ELECTRIC_INSECURE) throw new Error("configuration: set ELECTRIC_SECRET (--secret), or ELECTRIC_INSECURE=true (--insecure) to serve without one");
  if (config.ELECTRIC_SECRET !== undefined && config.ELECTRIC_INSECURE) throw new Error("configuration: ELECTRIC_SECRET and ELECTRIC_INSECURE=true cannot both be set");
  return { kind: "serve", config, unsupported: unsupportedIn(env) };
}

function faultOf(name: SettingName | undefined, message: string): string {
  return name === undefined ? `: ${message}` : ` (--${flags[name].flag}): ${message}`;
}

/** The settings as they may be printed: secret and passwords masked, what is not set left out. */
export function maskedShapeServerConfig(config: ShapeServerConfig): Readonly<Record<string, unknown>> {
  return {
    ...config,
    DATABASE_URL: maskedUrl(config.DATABASE_URL),
    ...(config.ELECTRIC_POOLED_DATABASE_URL === undefined ? {} : { ELECTRIC_POOLED_DATABASE_URL: maskedUrl(config.ELECTRIC_POOLED_DATABASE_URL) }),
    ...(config.ELECTRIC_SECRET === undefined ? {} : { ELECTRIC_SECRET: "***" }),
  };
}

/** The text of `--help`. */
export function shapeServerHelp(): string {
  const lines = settingNames.map((name) => {
    const { flag, value, help } = flags[name];
    return `  ${`--${flag}${value === undefined ? "" : ` ${value}`}`.padEnd(40)} ${help}\n  ${"".padEnd(40)} [${name}]`;
  });
  return `Usage: npm run shapes -- [--flag value ...]

Serves shapes of a PostgreSQL database over the Electric HTTP protocol. Every flag has a name in the environment
(in brackets; Electric's own where there is one); the flag wins. TIME is 20s, 1m, 1h or milliseconds; SIZE is 10MB or 8MiB.

${lines.join("\n")}
  ${"--version".padEnd(40)} print the version
  ${"--help".padEnd(40)} this text
`;
}
