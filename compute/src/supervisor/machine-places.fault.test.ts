import { fork, type ChildProcess } from "node:child_process";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { buildPrograms, type BuiltPrograms } from "../testing/program.ts";
import { createPlaces, type Places } from "../threads/places.ts";
import { grantPlaces } from "./machine-places.ts";

let programs: BuiltPrograms<"taker">;
let machine: Places;
let started: ChildProcess[];
beforeAll(async () => {
  programs = await buildPrograms({ taker: "src/testing/place-taker.main.ts" }, "places");
});
afterAll(() => programs.remove());
beforeEach(() => {
  started = [];
  machine = createPlaces({ count: 1, heldMsMax: 3_600_000 });
});
afterEach(async () => {
  for (const child of started) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
});

/** A worker process that asks for a place, and resolves with it once it says that it has one. */
function taker(): { readonly child: ChildProcess; readonly asked: Promise<void>; readonly placed: Promise<void>; readonly isPlaced: () => boolean } {
  const child = fork(programs.file("taker"), [], { stdio: ["pipe", "pipe", "inherit", "ipc"] });
  started.push(child);
  let isPlaced = false;
  const asked = new Promise<void>((resolve) => child.once("message", () => resolve()));
  const placed = new Promise<void>((resolve) => child.stdout?.once("data", () => ((isPlaced = true), resolve())));
  grantPlaces(child, machine);
  return { child, asked, placed, isPlaced: () => isPlaced };
}

it("lets processes compute in the order of asking, no more of them than there are places", async () => {
  const first = taker();
  await first.placed;
  const second = taker();
  await second.asked;
  const third = taker();
  await third.asked;
  first.child.stdin?.write("\n");
  await second.placed;
  expect(third.isPlaced()).toBe(false);
  second.child.stdin?.write("\n");
  await third.placed;
});

it("takes back what a killed process held and waited for", async () => {
  const first = taker();
  await first.placed;
  const second = taker();
  await second.asked;
  const third = taker();
  await third.asked;
  second.child.kill("SIGKILL");
  first.child.kill("SIGKILL");
  await third.placed;
  third.child.kill("SIGKILL");
  (await machine.take())();
});

it("lets a process go on whose supervisor is gone", async () => {
  const giveBack = await machine.take();
  const { child, asked, placed, isPlaced } = taker();
  await asked;
  expect(isPlaced()).toBe(false);
  child.disconnect();
  await placed;
  giveBack();
  (await machine.take())();
});
