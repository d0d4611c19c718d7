import { minor, type Minor } from "@saldo/schema";
import type { AmountStep } from "./model.ts";

/** One payment of a series in time order; the amount without its sign. */
export interface Payment {
  readonly on: string;
  readonly amount: number;
}

/** The usual amounts a series went through. */
export interface Levels {
  readonly usual: number;
  /** Mean distance from the usual amount of the time, as a share of it. */
  readonly spread: number;
  readonly steps: readonly { readonly on: string; readonly before: number; readonly after: number; readonly payments: number }[];
}

/** A smaller change of a fixed amount is none, nor is one of an amount that varies. */
const fixedChangeMin = 0.01;
const variedChangeMin = 0.05;
/** A change counts when it is this many times what the amounts vary by anyway. */
const changeToSpread = 4;
const fewPayments = 4;
/** Payments that show what is usual before a change. */
const paymentsBeforeMin = 3;
/** What is usual is judged by this many payments before a change. */
const paymentsBeforeMax = 12;
/** A fixed amount varies by at most this share. */
const fixedSpread = 0.002;

/**
 * Follows the usual amount: two payments in a row that both leave it the same way by clearly more than payments vary begin a new level, and
 * so does the latest payment when the amount was fixed before.
 */
export function levelsOf(payments: readonly Payment[]): Levels {
  const starts = [0];
  let level: number[] = [];
  payments.forEach(({ amount }, index) => {
    const next = payments[index + 1]?.amount;
    if (level.length >= paymentsBeforeMin && leaves(level, amount) && staysAway(level, amount, next)) {
      starts.push(index);
      level = [];
    }
    level.push(amount);
    if (level.length > paymentsBeforeMax) level.shift();
  });
  const parts = starts.map((start, index) => payments.slice(start, starts[index + 1]));
  const usuals = parts.map((part) => median(part.map(({ amount }) => amount)));
  const distances = parts.flatMap((part, index) => part.map(({ amount }) => Math.abs(amount / (usuals[index] ?? amount) - 1)));
  const steps = parts.slice(1).flatMap((part, index) => {
    const [on, before, after] = [part[0]?.on, usuals[index], usuals[index + 1]];
    return on === undefined || before === undefined || after === undefined ? [] : [{ on, before, after, payments: part.length }];
  });
  return { usual: usuals.at(-1) ?? 0, spread: distances.reduce((sum, each) => sum + each, 0) / Math.max(1, distances.length), steps };
}

function leaves(level: readonly number[], amount: number): boolean {
  const usual = median(level);
  const spread = spreadOf(level);
  // A few payments show less than what they vary by.
  const least = spread <= fixedSpread ? fixedChangeMin : Math.max(variedChangeMin, changeToSpread * spread * (1 + fewPayments / level.length));
  return Math.abs(amount / usual - 1) > least;
}

/** True when the payment after next confirms the change; at the end of the series only a fixed amount can have changed. */
function staysAway(level: readonly number[], amount: number, next: number | undefined): boolean {
  const spread = spreadOf(level);
  if (next === undefined) return spread <= fixedSpread;
  const usual = median(level);
  const sameSide = Math.sign(amount - usual) === Math.sign(next - usual);
  return sameSide && leaves(level, next) && Math.abs(next / amount - 1) <= Math.abs(amount / usual - 1);
}

function spreadOf(level: readonly number[]): number {
  const usual = median(level);
  return level.reduce((sum, amount) => sum + Math.abs(amount / usual - 1), 0) / level.length;
}

/** The middle value, or the mean of the two middle ones; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/** Steps with signed money. */
export function signedSteps(levels: Levels, sign: 1 | -1): AmountStep[] {
  const money = (amount: number): Minor => minor(sign * Math.round(amount));
  return levels.steps.map(({ on, before, after, payments }) => ({ on, beforeMinor: money(before), afterMinor: money(after), payments }));
}
