import { errorEntry, SaldoError, systemIds } from "@saldo/schema";
import { pino } from "pino";
import { maskedConfig, readConfig } from "./config.ts";
import { openShapes } from "./gatekeeper/open-shapes.ts";
import { describeFault } from "./http/errors.ts";
import { startRelay } from "./relay.ts";

/** Longest a stop may take, in milliseconds; then the process ends as it is. */
const stopMsMax = 9_500;

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = pino({ level: config.logLevel, base: { program: "relay" } });
  log.info(maskedConfig(config), "settings");
  const ids = systemIds();
  const startOver = () => {
    log.error({}, "the database was replaced or put back: this process ends, to be started anew");
    stop(1);
  };
  const relay = await startRelay(config, { log, nowMs: Date.now, nextId: () => ids.next(), random: Math.random, openShapes, startOver });
  log.info({ url: relay.url }, "listening");
  const stop = (code: number) => {
    setTimeout(() => process.exit(1), stopMsMax).unref();
    relay.close().then(
      () => process.exit(code),
      (error: unknown) => {
        log.error({ fault: describeFault(error) }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", () => stop(0));
  process.once("SIGINT", () => stop(0));
}

main().catch((error: unknown) => {
  if (error instanceof SaldoError) {
    const detail = Object.entries(error.detail).map(([name, value]) => ` ${name}: ${value}`).join(",");
    process.stderr.write(`${error.code}:${detail} ${errorEntry(error.code).meaning.en} ${errorEntry(error.code).remedy.en}\n`);
  } else process.stderr.write(`relay.internal: ${JSON.stringify(describeFault(error))}\n`);
  process.exit(1);
});
