import { placesOfMachine } from "../supervisor/machine-places.ts";

/* A worker that computes for ever: it says when it got a place of the machine, and hands it back on a line of input. */

const places = placesOfMachine(process);
const giveBack = await places.take();
process.stdin.once("data", giveBack);
process.stdout.write("got a place\n");
