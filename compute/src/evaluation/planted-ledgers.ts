import { seededRandom } from "@saldo/client-core/seeded-random";
import { generatedLedger, realSpendLedger, spendWindows } from "./base-ledgers.ts";
import { causeKinds, type CauseKind, type PlantedCause } from "./causes.ts";
import { drawsOf, type Draws } from "./draws.ts";
import type { BaseLedger } from "./ledger-under-test.ts";
import { plants } from "./plants.ts";
import type { SpendRow } from "./spend-data.ts";

/** A ledger that is judged, and what was planted in it; a clean one holds nothing. */
export interface LedgerCase {
  readonly ledger: BaseLedger;
  readonly causes: readonly PlantedCause[];
}

/** Every fourth pair of ledgers, one of each origin, is clean; the others hold one to three causes. */
const cleanEvery = 4;
const causesMax = 3;

/**
 * Ledgers with planted causes, the same for a seed: every other one of real spend where there is any, the rest made up. Kinds of cause come
 * round in turn, so that each is planted about as often.
 */
export function* plantedLedgers(count: number, seed: number, spend: readonly SpendRow[] | undefined): Generator<LedgerCase> {
  const windows = spend === undefined ? [] : spendWindows(spend);
  let turn = 0;
  for (let index = 0; index < count; index++) {
    const draws = drawsOf(seededRandom(seed * 1_000_003 + index));
    const name = `ledger ${index}`;
    const base = windows.length > 0 && index % 2 === 0 ? realSpendLedger(draws.pick(windows), draws, name) : generatedLedger(draws, name);
    const wanted = Math.floor(index / 2) % cleanEvery === 0 ? 0 : draws.whole(1, causesMax);
    const kinds = Array.from({ length: wanted }, (): CauseKind => causeKinds[turn++ % causeKinds.length] ?? "vendor_price");
    yield plantAll(base, kinds, draws);
  }
}

/** Plants causes one after the other; one that would fall on the subject of another, or on a kind another one entails, is left out. */
function plantAll(base: BaseLedger, kinds: readonly CauseKind[], draws: Draws): LedgerCase {
  let ledger = base;
  const causes: PlantedCause[] = [];
  for (const kind of kinds) {
    const planted = plants[kind](ledger, draws);
    if (planted === undefined || causes.some((other) => clash(other, planted.cause))) continue;
    ledger = planted.ledger;
    causes.push(planted.cause);
  }
  return { ledger, causes };
}

function clash(a: PlantedCause, b: PlantedCause): boolean {
  return a.kind === b.kind || a.entails.includes(b.kind) || b.entails.includes(a.kind) || (a.subject !== null && a.subject === b.subject);
}
