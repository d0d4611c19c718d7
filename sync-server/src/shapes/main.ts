import { randomUUID } from "node:crypto";
import { setDefaultResultOrder } from "node:dns";
import { pino } from "pino";
import packageJson from "../../package.json" with { type: "json" };
import { maskedShapeServerConfig, readShapeServerConfig, shapeServerHelp, type ShapeServerCommand } from "./config.ts";
import { serviceOptions } from "./configuration/service-options.ts";
import { createShapeApp } from "./http/app.ts";
import { drain } from "./http/drain.ts";
import { type Connection, listen, type Listening } from "./http/listen.ts";
import { answerMetrics, requestListener } from "./metrics/http.ts";
import { createShapeMetrics } from "./metrics/prometheus.ts";
import { startShapeService } from "./service.ts";

const drainMsMax = 5_000;
const command = readCommand();
if (command.kind !== "serve") {
  process.stdout.write(command.kind === "help" ? shapeServerHelp() : `${packageJson.version}\n`);
  process.exit(0);
}
const { config, unsupported } = command;
const log = pino({ level: levelOf(config.ELECTRIC_LOG_LEVEL), base: { service: config.ELECTRIC_SERVICE_NAME, instance: config.ELECTRIC_INSTANCE_ID ?? randomUUID() } });
log.info({ version: packageJson.version, ...maskedShapeServerConfig(config) }, "configuration");
if (unsupported.length > 0) log.warn({ names: unsupported }, "these variables are set but mean nothing to this service");
if (config.ELECTRIC_INSECURE) log.warn({}, "serving without a secret: whoever reaches this port reads the whole database");
if (config.ELECTRIC_DATABASE_USE_IPV6) setDefaultResultOrder("ipv6first");

const metrics = createShapeMetrics();
const service = await startShapeService({ ...serviceOptions(config, randomUUID), log, observer: metrics.observer });
metrics.show(service);
const shapes = createShapeApp(service, { log, secret: config.ELECTRIC_SECRET, allowDelete: config.ELECTRIC_ENABLE_INTEGRATION_TESTING });
const ownMetricsPort = config.ELECTRIC_PROMETHEUS_PORT;
const hostname = config.ELECTRIC_HOST ?? (config.ELECTRIC_INSECURE ? (config.ELECTRIC_LISTEN_ON_IPV6 ? "::1" : "127.0.0.1") : config.ELECTRIC_LISTEN_ON_IPV6 ? "::" : "0.0.0.0");
const withMetrics = (request: Request, connection?: Connection): Promise<Response> => (new URL(request.url).pathname === "/metrics" ? answerMetrics(metrics, request, config.ELECTRIC_SECRET) : shapes(request, connection));
const servers = [await serve(ownMetricsPort === undefined ? withMetrics : shapes, config.ELECTRIC_PORT, "shape service listening")];
servers[0]?.server.on("request", requestListener(metrics, Date.now));
if (ownMetricsPort !== undefined) servers.push(await serve((request) => answerMetrics(metrics, request, undefined), ownMetricsPort, "metrics listening"));

async function serve(handler: (request: Request, connection?: Connection) => Promise<Response>, port: number, message: string): Promise<Listening> {
  try {
    const listening = await listen(handler, { port, hostname, waitMsMax: config.ELECTRIC_LONG_POLL_TIMEOUT, keepAliveMs: config.ELECTRIC_TCP_READ_TIMEOUT });
    log.info({ port: listening.port, hostname }, message);
    return listening;
  } catch (error) {
    log.fatal({ port, reason: error instanceof Error ? error.message : String(error) }, "cannot listen");
    process.exit(1);
  }
}

/** A wrong configuration is told in words and ends the process with 2. */
function readCommand(): ShapeServerCommand {
  try {
    return readShapeServerConfig(process.env, process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  }
}

/** Electric's level names as the logger's. */
function levelOf(level: string): string {
  const levels: Readonly<Record<string, string>> = { emergency: "fatal", alert: "fatal", critical: "fatal", warning: "warn", notice: "info" };
  return levels[level] ?? level;
}

/** Lets go of the slot and answers what waits; whoever still reads an answer gets some time for the rest of it. */
async function stop(): Promise<void> {
  log.info({}, "stopping");
  const draining = servers.map(({ server }) => drain(server));
  await service.close();
  await Promise.all(draining.map((one) => one.ended(drainMsMax)));
  log.info({}, "stopped");
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
