export { freePort } from "../process/free-port.ts";
export { startPostgres, type RunningPostgres } from "./start.ts";
