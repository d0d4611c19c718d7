import { amountSignals } from "./amount-signals.ts";
import type { Candidate } from "./candidate.ts";
import { categorySignals } from "./category-signals.ts";
import { duplicateCandidates } from "./duplicates.ts";
import type { Ledger } from "./ledger.ts";
import type { KindModels } from "./weights.ts";
import { paceCandidates } from "./pace.ts";
import { regularCandidates } from "./regular.ts";
import { rowCandidates, rowSignals } from "./row-candidates.ts";
import { splitCandidates } from "./splits.ts";
import { typicalAmount } from "./typical.ts";

/** Everything in a ledger that may be a finding. Single rows whose log-odds are below a floor are passed over: there are as many as rows. */
export function candidatesOf(ledger: Ledger, models: KindModels, logOddsFloor: number): Candidate[] {
  if (ledger.count === 0) return [];
  const amounts = amountSignals(ledger);
  const typicalMinor = typicalAmount(ledger);
  const rows = rowSignals(ledger, amounts, categorySignals(ledger), typicalMinor);
  return [
    ...duplicateCandidates(ledger, typicalMinor),
    ...splitCandidates(ledger, amounts),
    ...rowCandidates(ledger, rows, models, logOddsFloor),
    ...paceCandidates(ledger),
    ...regularCandidates(ledger),
  ];
}
