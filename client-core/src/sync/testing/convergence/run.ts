import { openBetterSqlite3 } from "../../../store/drivers/better-sqlite3.ts";
import type { LocalDatabase } from "../../../store/local-database.ts";
import { openStore } from "../../../store/migrate.ts";
import { oneOf, randomOf, type Random } from "../random.ts";
import { RelayModel } from "../relay-model.ts";
import { makeActor, restart, type Actor } from "./actor.ts";
import { demand } from "./check.ts";
import { commandsOfSwarm, takeCommand, usualCommands, type Run } from "./commands.ts";
import { demandConverged, demandOnce, demandOthersKept, demandSameSums, watchActor } from "./invariants.ts";
import { placeProbe, probeMutations } from "./probe.ts";

const actorsMax = 5;
/** In a swarm more happens to each of fewer devices. */
const actorsOfSwarmMax = 3;
const workspacesMax = 3;
const commandsMax = 200;
/** Messages held in memory, by seed: few put nearly all aside in the database. */
const messagesInMemory: readonly [number, ...number[]] = [1, 3, 5_000];
/** True for runs whose answers the database reads itself where it can: long ones in life, here of any length. */
const readAsText = (seed: number): boolean => seed % 4 === 0 || seed % 4 === 3;
/** Rounds a healed network needs at most. */
const roundsMax = 12;

/** What commands a run has: always the same ones, or a mix of its own for each seed. */
export type Mix = "usual" | "swarm";

/**
 * Runs one seed: commands of one to five devices in one to three workspaces, and faults of network, processes, clocks and server between
 * them; the invariants of a moment after each. Then all is healed, and within a bounded number of rounds every device must have the server's
 * rows. Throws what it finds wrong. The same seed is the same run.
 */
export async function runConvergence(seed: number, { mix = "usual" }: { readonly mix?: Mix } = {}): Promise<void> {
  const random = randomOf(seed);
  const stores: LocalDatabase[] = [];
  try {
    const run = await prepare(seed, random, mix, async () => {
      const store = await openStore(openBetterSqlite3({ path: ":memory:" }));
      stores.push(store);
      return store;
    });
    const watches = run.actors.map((actor) => watchActor(run.model, actor));
    const commands = 1 + random(commandsMax);
    for (let step = 0; step < commands; step++) {
      await takeCommand(run, step);
      for (const watch of watches) await watch.look();
    }
    await heal(run);
    for (const watch of watches) await watch.look();
    demandOnce(run.model, run.actors);
    demandOthersKept(run.model);
    for (const actor of run.actors) {
      if (actor.device.isRefused) continue;
      await demandConverged(run.model, actor);
      await demandSameSums(actor);
    }
  } finally {
    for (const store of stores) await store.close();
  }
}

async function prepare(seed: number, random: Random, mix: Mix, open: () => Promise<LocalDatabase>): Promise<Run> {
  const model = new RelayModel(probeMutations);
  const workspaces: [string, ...string[]] = [model.workspaceId];
  for (let index = 1; index <= random(workspacesMax); index++) workspaces.push(`workspace-${index + 1}`);
  for (const workspaceId of workspaces) {
    // The owner of the first is a member of all; each has somebody of its own as well.
    if (workspaceId !== model.workspaceId) model.found(workspaceId, model.userId);
    model.setRole(workspaceId, `user-of-${workspaceId}`, "owner");
    await placeProbe(model, workspaceId);
  }
  const actors: Actor[] = [];
  const messagesInMemoryMax = mix === "usual" ? (messagesInMemory[seed % messagesInMemory.length] ?? 1) : oneOf(random, messagesInMemory);
  for (let index = 0; index <= random(mix === "usual" ? actorsMax : actorsOfSwarmMax); index++) {
    const workspaceId = workspaces[random(workspaces.length)] ?? model.workspaceId;
    const userId = random(3) === 0 ? model.userId : `user-of-${workspaceId}`;
    const actor = await makeActor({ model, store: await open(), name: `d${index}`, userId, workspaceId, seed: seed * actorsMax + index, messagesInMemoryMax, ...(readAsText(seed) ? { textBytesMin: 0 } : {}) });
    await actor.device.begin();
    actors.push(actor);
  }
  return { random, model, actors, workspaces, imports: [], backup: undefined, mayForget: random(2) === 0, generations: 1, commands: mix === "usual" ? usualCommands : commandsOfSwarm(random) };
}

/** Ends every fault; the last writers' changes have to reach those that came to rest before them. */
async function heal({ actors }: Run): Promise<void> {
  for (const actor of actors) {
    restart(actor);
    for (const deliver of actor.device.late.splice(0)) await deliver();
  }
  for (let round = 0; round < 2; round++) for (const { name, device } of actors) demand(await device.settle(roundsMax), `${name} comes to rest`);
}
