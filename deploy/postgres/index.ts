export { freePort, portIsFree } from "./free-port.ts";
export { startPostgres, type PostgresOptions, type RunningPostgres } from "./start.ts";
