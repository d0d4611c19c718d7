import { fileURLToPath } from "node:url";
import type { Bench, BenchOptions } from "../../../deploy/bench/bench.ts";
import { openBenchGround } from "./bench/ground.ts";
import { parts } from "./bench/parts.ts";
import { servePart } from "./bench/part.ts";
import { comparePeer } from "./bench/peer.ts";
import { sections } from "./bench/sections.ts";

/** What the command line may say. */
export const options: BenchOptions = {
  peer: { type: "string", help: "measures beside a peer in the same run: zero (installs @rocicorp/zero and node@24 from npm into a temporary folder)" },
  only: { type: "string", help: `sections to measure, with commas: ${Object.keys(sections).join(", ")}` },
  "node-flags": { type: "string", help: "flags for the service's Node, with spaces, e.g. --cpu-prof" },
};

const file = fileURLToPath(import.meta.url);

/** The shape service as its own process on an embedded Postgres; load, clients and references are processes of their own too. */
const bench: Bench = async (context) => {
  const ground = await openBenchGround(context, file);
  try {
    if (context.options["peer"] === "zero") return await comparePeer(ground);
    if (context.options["peer"] !== undefined) throw new Error(`there is no peer "${String(context.options["peer"])}": zero is known`);
    const asked = typeof context.options["only"] === "string" ? context.options["only"].split(",") : Object.keys(sections);
    const figures = [];
    for (const name of asked) {
      const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
      if (section === undefined) throw new Error(`there is no section "${name}"`);
      figures.push(...(await section(ground)));
    }
    return figures;
  } catch (error) {
    context.note(ground.serviceLog());
    throw error;
  } finally {
    await ground.close();
  }
};

export default bench;

if (process.argv[1] === file) await servePart(parts);
