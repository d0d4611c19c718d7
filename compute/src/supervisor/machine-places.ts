import { z } from "zod";
import type { Places } from "../threads/places.ts";

/*
 * worker ──{ number, wanted: true }──► supervisor       one place, please; with `first`, before those who do not say so
 * worker ◄──{ number }───────────────  supervisor       it is yours
 * worker ──{ number, wanted: false }─► supervisor       done with it, or not wanted any more
 *
 * Numbers are the worker's own. A worker that is gone has handed back all; one whose supervisor is gone waits for nobody.
 */

const asked = z.strictObject({ type: z.literal("place"), number: z.int(), wanted: z.boolean(), first: z.boolean() });
const granted = z.strictObject({ type: z.literal("place"), number: z.int() });

/** What passes between a supervisor and a worker: a child process on one side, the process itself on the other. */
export interface PlaceChannel {
  readonly connected?: boolean;
  send?(message: object, handle: undefined, options: undefined, callback: (error: Error | null) => void): boolean;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "disconnect", listener: () => void): unknown;
}

/** Gives a worker process places of the machine as it asks for them; all come back when it is gone, however it went. */
export function grantPlaces(worker: PlaceChannel, places: Places): void {
  const held = new Map<number, () => void>();
  const wanted = new Set<number>();
  const take = async (number: number, first: boolean) => {
    wanted.add(number);
    const giveBack = await places.take(first);
    if (!wanted.delete(number)) return giveBack();
    held.set(number, giveBack);
    say(worker, { type: "place", number } satisfies z.infer<typeof granted>);
  };
  worker.on("message", (message) => {
    const { data } = asked.safeParse(message);
    if (data === undefined) return;
    const { number, first } = data;
    if (data.wanted) return void take(number, first);
    wanted.delete(number);
    held.get(number)?.();
    held.delete(number);
  });
  worker.once("disconnect", () => {
    wanted.clear();
    for (const giveBack of held.values()) giveBack();
    held.clear();
  });
}

/** The machine's places, as its supervisor grants them; once it is gone, as many as are asked for, so that work under way comes to its end. */
export function placesOfMachine(supervisor: PlaceChannel): Places {
  const waiting = new Map<number, () => void>();
  let asks = 0;
  const tell = (number: number, wanted: boolean, first: boolean) => say(supervisor, { type: "place", number, wanted, first } satisfies z.infer<typeof asked>);
  supervisor.on("message", (message) => {
    const { data } = granted.safeParse(message);
    if (data === undefined) return;
    waiting.get(data.number)?.();
    waiting.delete(data.number);
  });
  supervisor.once("disconnect", () => {
    for (const grant of waiting.values()) grant();
    waiting.clear();
  });
  return {
    async take(first = false) {
      const number = asks++;
      if (supervisor.connected === true) {
        await new Promise<void>((resolve) => {
          waiting.set(number, resolve);
          tell(number, true, first);
        });
      }
      let held = true;
      return () => {
        if (held) tell(number, false, first);
        held = false;
      };
    },
  };
}

/** Says something to whoever may have just left: then `disconnect` tells. */
function say(channel: PlaceChannel, message: object): void {
  if (channel.connected === true) channel.send?.(message, undefined, undefined, () => undefined);
}
