export { startPostgres, type RunningPostgres } from "./start.ts";
