#!/usr/bin/env node
import { existsSync } from "node:fs";

const program = new URL("../dist/saldo.mjs", import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write("saldo: the command line is not built yet; run npm install (or npm run build -- --programs) in the repository.\n");
  process.exitCode = 2;
}
