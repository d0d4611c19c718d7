// accepts
export { readFileSync } from "node:fs";
export * from "../../deploy/testing/postgres.ts";
