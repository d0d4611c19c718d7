import { minor, type Minor, type StatementReport } from "@saldo/schema";
import type { ReadRow, Understanding } from "../../import/index.ts";

/** Rows before which a running balance jumps that are told. */
const gapsMax = 100;
/** Share of the steps of a running balance that must fit its amounts for it to be believed. */
const stepsFitMin = 0.6;

interface Step {
  readonly line: number;
  readonly amountMinor: Minor;
  readonly balanceMinor: Minor;
}

/** A running balance read down the file: `forward` when the file goes from old to new. */
interface Chain {
  readonly first: Step;
  last: Step;
  steps: number;
  forward: Gaps;
  backward: Gaps;
}

interface Gaps {
  fits: number;
  readonly gaps: { readonly line: number; readonly differenceMinor: number }[];
}

interface Sums {
  readonly statement: number;
  readonly account: string | null;
  readonly currency: string;
  readonly accountId: string;
  inMinor: number;
  outMinor: number;
  first: string;
  last: string;
  chain: Chain | undefined;
}

/** Adds up the rows of each statement of a file, to hold against the balances it tells. */
export interface StatementSums {
  /** A row of the file, whatever becomes of it. */
  add(row: ReadRow, accountId: string): void;
  /** The statements of which the file tells a balance. */
  reports(): StatementReport[];
}

/** Makes {@link StatementSums} for a file. Sums of different accounts of one statement are kept apart. */
export function collectStatements({ statements }: Pick<Understanding, "statements">): StatementSums {
  const found = new Map<string, Sums>();
  let recent: { readonly accountId: string; readonly statement: number; readonly currency: string; readonly sums: Sums } | undefined;
  const sumsOf = (row: ReadRow, accountId: string): Sums => {
    const { statement, currency } = row;
    if (recent?.accountId === accountId && recent.statement === statement && recent.currency === currency) return recent.sums;
    const key = `${statement} ${accountId} ${currency}`;
    let sums = found.get(key);
    if (sums === undefined) found.set(key, (sums = { statement, account: row.account, currency, accountId, inMinor: 0, outMinor: 0, first: row.postedOn, last: row.postedOn, chain: undefined }));
    recent = { accountId, statement, currency, sums };
    return sums;
  };
  return {
    add(row, accountId) {
      const sums = sumsOf(row, accountId);
      if (row.amountMinor > 0) sums.inMinor += row.amountMinor;
      else sums.outMinor -= row.amountMinor;
      if (row.postedOn < sums.first) sums.first = row.postedOn;
      if (row.postedOn > sums.last) sums.last = row.postedOn;
      const { balanceMinor } = row;
      if (balanceMinor !== undefined && balanceMinor !== null) follow(sums, { line: row.line, amountMinor: row.amountMinor, balanceMinor });
    },
    reports() {
      return [...found.values()].flatMap((sums) => {
        const facts = statements[sums.statement];
        const told = facts !== undefined && (facts.openingMinor !== null || facts.closingMinor !== null);
        const running = told ? undefined : runningBalance(sums.chain);
        if (!told && running === undefined) return [];
        const openingMinor = told ? facts.openingMinor : (running?.openingMinor ?? null);
        const closingMinor = told ? facts.closingMinor : (running?.closingMinor ?? null);
        const { accountId, currency, inMinor, outMinor } = sums;
        const differenceMinor = openingMinor === null || closingMinor === null ? null : closingMinor - (openingMinor + inMinor - outMinor);
        const [from, to] = [facts?.from ?? sums.first, facts?.to ?? sums.last];
        return [{ accountId, currency, from, to, openingMinor, inMinor, outMinor, closingMinor, differenceMinor, gaps: running?.gaps ?? [], balanceBefore: null }];
      });
    },
  };
}

function follow(sums: Sums, step: Step): void {
  const { chain } = sums;
  if (chain === undefined) {
    sums.chain = { first: step, last: step, steps: 0, forward: { fits: 0, gaps: [] }, backward: { fits: 0, gaps: [] } };
    return;
  }
  chain.steps++;
  note(chain.forward, step.line, step.balanceMinor - chain.last.balanceMinor - step.amountMinor);
  note(chain.backward, step.line, chain.last.balanceMinor - step.balanceMinor - chain.last.amountMinor);
  chain.last = step;
}

function note(gaps: Gaps, line: number, differenceMinor: number): void {
  if (differenceMinor === 0) gaps.fits++;
  else if (gaps.gaps.length < gapsMax) gaps.gaps.push({ line, differenceMinor });
}

/** The balances before the oldest and after the newest row; nothing when the column does not run with the amounts. */
function runningBalance(chain: Chain | undefined): { readonly openingMinor: number; readonly closingMinor: number; readonly gaps: Gaps["gaps"] } | undefined {
  if (chain === undefined || chain.steps === 0) return undefined;
  const { first, last, forward, backward, steps } = chain;
  const isForward = forward.fits >= backward.fits;
  const { fits, gaps } = isForward ? forward : backward;
  if (fits < steps * stepsFitMin) return undefined;
  const [oldest, newest] = isForward ? [first, last] : [last, first];
  return { openingMinor: minor(oldest.balanceMinor - oldest.amountMinor), closingMinor: newest.balanceMinor, gaps };
}
