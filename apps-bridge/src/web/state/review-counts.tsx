import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { useWatch } from "./bridge.tsx";
import { useImport } from "./import-flow.tsx";

/** How many findings wait for a review and how much advice is open. */
export interface ReviewCounts {
  readonly findings: number;
  readonly advice: number;
}

const none: ReviewCounts = { findings: 0, advice: 0 };
const ReviewCountsContext = createContext<ReviewCounts>(none);

/** The page itself comes first: what the counts cost is asked for when it has stood so long. */
const countsDelayMs = 1_500;

/** Follows the counts while the app is open, but not while an import writes rows, each batch of which would count anew. */
export function ReviewCountsProvider({ children }: { readonly children: ReactNode }) {
  const { state } = useImport();
  const [isTime, setTime] = useState(false);
  const [counts, setCounts] = useState<ReviewCounts>(none);
  useEffect(() => {
    const timer = setTimeout(() => setTime(true), countsDelayMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <ReviewCountsContext value={counts}>
      {isTime && state.step !== "saving" && <Follow tell={setCounts} />}
      {children}
    </ReviewCountsContext>
  );
}

function Follow({ tell }: { readonly tell: (counts: ReviewCounts) => void }) {
  const findings = useWatch("findings.watch", {}).value?.openCount;
  const advice = useWatch("recommendations.watch", {}).value?.open.length;
  useEffect(() => tell({ findings: findings ?? 0, advice: advice ?? 0 }), [tell, findings, advice]);
  return null;
}

/** The counts; zeros until they are known. */
export function useReviewCounts(): ReviewCounts {
  return use(ReviewCountsContext);
}
