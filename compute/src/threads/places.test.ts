import { expect, it } from "vitest";
import { createPlaces, placesOfTask, takeWhileWanted } from "./places.ts";

const anHourMs = 3_600_000;

it("gives places in the order of asking, and each place once", async () => {
  const places = createPlaces({ count: 2, heldMsMax: anHourMs });
  const order: string[] = [];
  const [one, two] = [await places.take(), await places.take()];
  const third = places.take().then((giveBack) => (order.push("third"), giveBack));
  const fourth = places.take().then((giveBack) => (order.push("fourth"), giveBack));
  one();
  one();
  (await third)();
  await fourth;
  expect(order).toEqual(["third", "fourth"]);
  two();
});

it("gives a place to those first who say so", async () => {
  const places = createPlaces({ count: 1, heldMsMax: anHourMs });
  const order: string[] = [];
  const giveBack = await places.take();
  const asked = (name: string, first: boolean) => places.take(first).then((back) => (order.push(name), back()));
  const all = [asked("later", false), asked("first", true), asked("second", true)];
  giveBack();
  await Promise.all(all);
  expect(order).toEqual(["first", "second", "later"]);
});

it("passes on a place nobody waits for any more", async () => {
  const places = createPlaces({ count: 1, heldMsMax: anHourMs });
  const giveBack = await places.take();
  const unwanted = new AbortController();
  const waiting = expect(takeWhileWanted(places, unwanted.signal)).rejects.toThrow("not wanted");
  unwanted.abort(new RangeError("not wanted"));
  await waiting;
  giveBack();
  (await takeWhileWanted(places, new AbortController().signal))();
});

it("passes on a place that is held too long", async () => {
  const places = createPlaces({ count: 1, heldMsMax: 5 });
  const late = await places.take();
  const next = await places.take();
  late();
  next();
});

it("hands back what a task held and waited for when it ended", async () => {
  const places = createPlaces({ count: 1, heldMsMax: anHourMs });
  let granted = 0;
  const task = placesOfTask(places, () => granted++);
  const other = placesOfTask(places, () => granted++);
  task.tell(true);
  task.tell(true);
  other.tell(true);
  await Promise.resolve();
  await Promise.resolve();
  expect(granted).toBe(1);
  other.end();
  task.end();
  (await places.take())();
  expect(granted).toBe(1);
});
