// accepts
export * from "@saldo/schema/server";
export { readFileSync } from "node:fs";
