import { compareBytewise } from "@saldo/schema";

/** Days the two sides of a transfer may lie apart: banks take a weekend. */
export const transferDaysMax = 4;
/** Most rows with a hint of a transfer, of either sort, for which the other side is looked for. */
export const transferSeedsMax = 100_000;

/** One side of a transfer, or a row that may be. */
export interface TransferSide {
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly day: number;
}

/** Two rows that may be one transfer. */
export interface TransferChoice {
  readonly one: TransferSide;
  readonly other: TransferSide;
  readonly daysApart: number;
}

/** Most rows a side is compared with: those of its amount and days. */
const choicesOfSideMax = 64;

/** Rows of opposite amounts in one currency on two accounts, at most {@link transferDaysMax} days apart. Pure. */
export function transferChoices(seeds: readonly TransferSide[], others: readonly TransferSide[]): TransferChoice[] {
  const byAmount = new Map<string, TransferSide[]>();
  for (const side of others) {
    const key = `${side.currency} ${side.amountMinor}`;
    const sides = byAmount.get(key);
    if (sides === undefined) byAmount.set(key, [side]);
    else sides.push(side);
  }
  return seeds.flatMap((one) => {
    const choices: TransferChoice[] = [];
    for (const other of byAmount.get(`${one.currency} ${-one.amountMinor}`) ?? []) {
      const daysApart = Math.abs(one.day - other.day);
      if (other.accountId !== one.accountId && daysApart <= transferDaysMax && choices.push({ one, other, daysApart }) >= choicesOfSideMax) break;
    }
    return choices;
  });
}

/**
 * Pairs sides of transfers: opposite amounts in one currency on two accounts, at most {@link transferDaysMax} days apart. `seeds` carry a hint of a
 * transfer; `strengthOf` tells what two rows say together, 0 that they are none. Each row is in one pair at most, the strongest first and of those the
 * closest days; equal choices go by id. Pure.
 */
export function pairTransfers(seeds: readonly TransferSide[], others: readonly TransferSide[], strengthOf: (oneId: string, otherId: string) => number = () => 1): [string, string][] {
  return pairUp(transferChoices(seeds, others), strengthOf);
}

/** The choices that hold, as {@link pairTransfers} picks them. Pure. */
export function pairUp(choices: readonly TransferChoice[], strengthOf: (oneId: string, otherId: string) => number): [string, string][] {
  const weighed = choices.map((choice) => ({ ...choice, strength: strengthOf(choice.one.id, choice.other.id) })).filter(({ strength }) => strength > 0);
  weighed.sort((a, b) => b.strength - a.strength || a.daysApart - b.daysApart || compareBytewise(a.one.id, b.one.id) || compareBytewise(a.other.id, b.other.id));
  const taken = new Set<string>();
  const pairs: [string, string][] = [];
  for (const { one, other } of weighed) {
    if (taken.has(one.id) || taken.has(other.id)) continue;
    taken.add(one.id).add(other.id);
    pairs.push([one.id, other.id]);
  }
  return pairs;
}
