import type { StatementFacts } from "../model.ts";

/** Makes the function that finds the statement a row belongs to: of its account, of the period its day is in, otherwise the account's last. */
export function statementFinder(statements: readonly StatementFacts[]): (account: string, day: string) => number {
  const byAccount = new Map<string, number[]>();
  for (const [index, { account }] of statements.entries()) {
    if (account === null) continue;
    const known = byAccount.get(account);
    if (known === undefined) byAccount.set(account, [index]);
    else known.push(index);
  }
  return (account, day) => {
    const indexes = byAccount.get(account);
    if (indexes === undefined) return 0;
    if (indexes.length === 1) return indexes[0] ?? 0;
    const inPeriod = indexes.find((index) => {
      const { from, to } = statements[index] ?? { from: null, to: null };
      return from !== null && to !== null && from <= day && day <= to;
    });
    return inPeriod ?? indexes.at(-1) ?? 0;
  };
}
