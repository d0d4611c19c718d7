// `npm start`: everything of Saldo on this machine. Needs nothing but Node; the rest is installed and built first.
import { makeReady } from "./ready.mjs";

const asksForHelp = process.argv.includes("--help");
await makeReady({ web: !asksForHelp });
await import("./dist/local.mjs");
