import type { Figure } from "../../../../deploy/bench/bench.ts";
import type { BenchGround } from "./ground.ts";

export async function comparePeer(_ground: BenchGround): Promise<readonly Figure[]> {
  throw new Error("not yet");
}
