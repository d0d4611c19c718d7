// accepts
export { default } from "better-sqlite3";
export { readFileSync } from "node:fs";
