import { tableNames } from "@saldo/schema";
import { refreshRollups } from "../../../rollups/rollups.ts";
import { pruneOutbox } from "../../outbox.ts";
import { CrashError } from "../crashing-database.ts";
import { oneOf, type Random } from "../random.ts";
import type { ModelBackup, RelayModel } from "../relay-model.ts";
import type { Fault } from "../stepped-device.ts";
import { addToProbe, noting, record, restart, revert, setProbe, type Actor } from "./actor.ts";
import { demandSame } from "./check.ts";
import { probeId, writePair } from "./probe.ts";

const hourMs = 3_600_000;
const createdAt = "2026-01-01T00:00:00.000Z";

/** A run as its commands see it. */
export interface Run {
  readonly random: Random;
  readonly model: RelayModel;
  readonly actors: readonly Actor[];
  readonly workspaces: readonly [string, ...string[]];
  /** Imports anybody has begun. */
  readonly imports: { readonly importId: string; readonly workspaceId: string }[];
  /** A backup taken on the way, to be restored. */
  backup: ModelBackup | undefined;
  /** A store forgets what was confirmed long ago; one that does cannot send it again to a restored server. */
  readonly mayForget: boolean;
  generations: number;
  /** Each command as often as it comes beside the others. */
  readonly commands: readonly Take[];
}

const faults: readonly [Fault, ...Fault[]] = ["none", "none", "none", "none", "request_lost", "request_cut", "response_lost", "response_cut", "sent_twice", "late"];

/** What one command does. */
type Take = (run: Run, actor: Actor, step: number) => Promise<void>;

/** A command and how often it comes beside the others. */
type Weighted = readonly [weight: number, take: Take];

const commands: readonly Weighted[] = [
  [9, edit],
  [5, ({ random }, actor, step) => addToProbe(actor, 1 + random(9), `${actor.name}-${step}`)],
  [4, ({ random }, actor, step) => setProbe(actor, oneOf(random, ["name", "number"]), `${actor.name}-${step}`)],
  [2, ({ random }, actor) => revert(actor, oneOf(random, ["undo", "undo", "redo"]))],
  [7, ({ random }, actor) => online(actor, async () => void (await actor.device.upload(oneOf(random, faults), 1 + random(5))))],
  [1, ({ random }, actor) => online(actor, async () => void (await actor.device.upload("none", 2, 1 + random(3))))],
  [5, ({ random }, actor) => online(actor, () => pullSome(random, actor))],
  [3, (_run, actor) => online(actor, () => actor.device.listen())],
  [2, (_run, actor) => online(actor, () => actor.device.apply())],
  [6, (_run, actor) => online(actor, () => download(actor))],
  [5, (run, actor, step) => online(actor, () => overtaken(run, actor, step))],
  [3, ({ random }, actor) => dieSoon(random, actor, 3).then(() => online(actor, () => download(actor)))],
  [4, (_run, actor) => online(actor, async () => void (await actor.device.settle(1)))],
  [2, ({ random }, actor) => online(actor, () => actor.device.begin(oneOf(random, faults)))],
  [2, ({ random }, actor) => Promise.resolve(void (actor.isOnline = random(3) > 0))],
  [3, ({ random }, actor) => dieSoon(random, actor, 6)],
  [2, ({ random }, actor) => Promise.resolve(actor.passMs((random(97) - 48) * hourMs))],
  [2, (_run, actor) => deliverLate(actor)],
  [3, ({ random }, { device }) => device.count(1 + random(4), random(5) === 0).then((damaged) => demandSame([...damaged], [], "damaged"))],
  [1, forget],
  [3, (run, actor, step) => writePair(run.model, actor.workspaceId, `pair ${step}`)],
  [3, writeDirectly],
  [3, ({ random, model }) => Promise.resolve(rotate(random, model))],
  [1, changeRole],
  [1, goBack],
];

/** A process that ends just after a checkpoint that something lay beyond. */
async function overtakenAndRestarted(run: Run, actor: Actor, step: number): Promise<void> {
  await online(actor, async () => {
    await overtaken(run, actor, step);
    await actor.device.begin();
  });
}

/** A shape begins with a new snapshot, which has more than the checkpoint that waited for it; of the next one not all has arrived. */
async function renewedWhileAwaited(run: Run, actor: Actor, step: number): Promise<void> {
  const { random, model } = run;
  await online(actor, async () => {
    await actor.device.listen();
    await writePair(model, actor.workspaceId, `pair ${step} is in the snapshot`);
    model.rotate(oneOf(random, ["account", "counterparty"]));
    for (let round = 0; round < 2; round++) for (const shape of tableNames) await actor.device.pull(shape, "none");
    await overtaken(run, actor, step);
  });
}

/** What is seldom in other runs, and not in some of a swarm. */
const moreOfSwarm: readonly Weighted[] = [
  [3, overtakenAndRestarted],
  [3, renewedWhileAwaited],
  [2, changeRole],
  [2, goBack],
];

/** How often a command comes in one run of a swarm, as a factor. */
const factors: readonly [number, ...number[]] = [0, 1, 1, 4];

/** Commands as often as they always come. */
export const usualCommands: readonly Take[] = repeated(commands);

/**
 * Some commands much more often, some not at all: a mix of its own for each run meets in a few runs what an even mix would in hundreds
 * (Groce et al., "Swarm Testing", ISSTA 2012).
 */
export function commandsOfSwarm(random: Random): readonly Take[] {
  return repeated([...commands, ...moreOfSwarm].map(([weight, take]) => [weight * oneOf(random, factors), take]));
}

function repeated(weighted: readonly Weighted[]): readonly Take[] {
  return weighted.flatMap(([weight, take]) => Array.from({ length: weight }, () => take));
}

/** Takes one command of a run. */
export async function takeCommand(run: Run, step: number): Promise<void> {
  const actor = run.actors[run.random(run.actors.length)];
  const command = run.commands[run.random(run.commands.length)];
  if (!actor || !command) return;
  try {
    await command(run, actor, step);
    // A screen that shows a report brings rollups up to date, between any two steps.
    if (step % 3 === 0) await refreshRollups(actor.database, actor.workspaceId);
  } catch (error) {
    if (!(error instanceof CrashError)) throw error;
  }
  for (const each of run.actors) if (each.database.isDead) restart(each);
}

/** What uses the network: nothing of it happens offline. */
async function online(actor: Actor, work: () => Promise<void>): Promise<void> {
  if (actor.isOnline) await work();
}

async function pullSome(random: Random, { device }: Actor): Promise<void> {
  const fault = oneOf(random, faults);
  for (const shape of tableNames) if (random(3) > 0) await device.pull(shape, fault);
}

/** Takes in all there is, and sends nothing. */
async function download({ device }: Actor): Promise<void> {
  await device.listen();
  for (const shape of tableNames) await device.pull(shape, "none");
  await device.apply();
}

/** The server goes on between what is announced and what then arrives, of some shapes only. */
async function overtaken(run: Run, actor: Actor, step: number): Promise<void> {
  const { random, model } = run;
  await actor.device.listen();
  await writePair(model, actor.workspaceId, `pair ${step} overtakes`);
  if (random(4) === 0) rotate(random, model);
  for (const shape of tableNames) if (random(4) > 0) await actor.device.pull(shape, "none");
  await actor.device.apply();
}

/** A log begins anew, as after a change of the table, or all of them: the slot was lost. */
function rotate(random: Random, model: RelayModel): void {
  if (random(6) === 0) model.shapes.rotateAll();
  else model.rotate(oneOf(random, ["account", "category", "transaction", "transaction", tableNames[random(tableNames.length)] ?? "import"]));
}

/** The process dies at one of the next commits of whatever comes next. */
async function dieSoon(random: Random, actor: Actor, commitsMax: number): Promise<void> {
  actor.database.dieAt(random(commitsMax), oneOf(random, ["before", "after"]));
}

async function deliverLate({ device }: Actor): Promise<void> {
  for (const deliver of device.late.splice(0)) await deliver();
}

async function forget({ mayForget }: Run, actor: Actor): Promise<void> {
  if (!mayForget) return;
  await noting(actor, async () => {
    actor.passMs(8 * 24 * hourMs);
    await pruneOutbox(actor.database, actor.nowMs());
  });
}

/** Another app writes to the server's database: removes a category, moves it to another company, or changes the probe. */
async function writeDirectly({ random, model, workspaces }: Run, actor: Actor, step: number): Promise<void> {
  const { workspaceId } = actor;
  const id = `c${random(6)}-${workspaceId}`;
  const choice = random(4);
  await model.commit((data) => {
    const row = data.table("category").get(id);
    const probe = data.table("account").get(probeId(workspaceId));
    if (choice === 0) data.write("category", id, undefined);
    else if (choice === 1 && row) data.write("category", id, { ...row, workspaceId: oneOf(random, workspaces) });
    else if (choice === 2 && probe) data.write("account", probeId(workspaceId), { ...probe, name: `server ${step}` });
    else if (probe) data.write("account", probeId(workspaceId), { ...probe, number: `server ${step}`, balanceMinor: Number(probe["balanceMinor"]) + 1_000 });
  });
}

/** A person's right to edit is taken and given back, or, seldom, their membership ends. */
async function changeRole({ random, model }: Run, { workspaceId, userId }: Actor): Promise<void> {
  const isMember = model.rows("member").some((member) => member["workspaceId"] === workspaceId && member["userId"] === userId);
  if (isMember) model.setRole(workspaceId, userId, oneOf(random, ["viewer", "accountant", "owner", "owner", random(3) === 0 ? null : "owner"]));
}

/** A backup is taken, and later the server begins again from it. */
async function goBack(run: Run): Promise<void> {
  const { model, backup, mayForget } = run;
  if (mayForget) return;
  if (backup) model.restore(backup, `generation-${++run.generations}`);
  run.backup = backup ? undefined : model.backup();
}

async function edit(run: Run, actor: Actor, step: number): Promise<void> {
  const { random, imports } = run;
  const { workspaceId } = actor;
  const id = `c${random(6)}-${workspaceId}`;
  const own = `${actor.name}-${step}`;
  const known = imports.filter((each) => each.workspaceId === workspaceId);
  const { importId = "none" } = known[random(Math.max(1, known.length))] ?? {};
  const choice = random(9);
  if (choice === 0) await record(actor, "category.create", { id, name: own, kind: "expense", createdAt });
  else if (choice === 1) await record(actor, "category.rename", { categoryId: id, name: own });
  else if (choice < 4) await importRows(run, actor, own);
  else if (choice === 4) await record(actor, "transaction.setNote", { id: `${importId}-0`, note: own });
  else if (choice < 7) await record(actor, "transaction.recategorise", { ids: [`${importId}-0`], categoryId: id });
  else if (choice === 7) await record(actor, "import.undo", { importId });
  else await record(actor, "account.setBalance", { accountId: `a-${workspaceId}`, balanceMinor: step, asOf: null });
}

async function importRows({ random, imports }: Run, actor: Actor, own: string): Promise<void> {
  const { workspaceId } = actor;
  const importId = `i-${own}`;
  const count = 1 + random(3);
  const file = { fileName: own, fileSha256: "0".repeat(64), fileBytes: 1, format: "csv", understanding: {} };
  const accountId = `a-${workspaceId}`;
  imports.push({ importId, workspaceId });
  await record(actor, "import.begin", { importId, ...file, accounts: [{ id: accountId, name: "Bank", currency: "EUR", number: null }], categories: [], createdAt });
  for (let index = 0; index < count; index++) {
    const rows = [[`${importId}-${index}`, index, "2026-01-02", -100, 0, -1, own, null]];
    await record(actor, "import.addRows", { importId, currencies: ["EUR"], accounts: [accountId], categories: [], rowCurrencies: [], rows, createdAt });
  }
  await record(actor, "import.complete", { importId, rowsAdded: count, rowsRefused: 0, largestCategories: [], completedAt: createdAt });
}
