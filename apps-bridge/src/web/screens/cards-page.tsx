import type { SaldoError } from "@saldo/schema";
import type { ReactNode } from "react";
import { Tabs } from "../parts/tabs.tsx";
import { ErrorBox, Skeleton } from "../parts/state-box.tsx";
import { RequestAnalysis } from "./cloud/request-analysis.tsx";
import { Toolbar } from "./toolbar.tsx";

/** Places of cards in sight before they come. */
const cardsExpected = [0, 1, 2, 3];

interface CardsPageProps<Value> {
  /** What is watched: not there yet, failed, or its value. */
  readonly watched: { readonly value: Value | undefined; readonly error: SaldoError | undefined; readonly retry: () => void };
  readonly children: (value: Value) => ReactNode;
}

/** A page of cards in each of its states. */
export function CardsPage<Value>({ watched: { value, error, retry }, children }: CardsPageProps<Value>) {
  return (
    <>
      <Toolbar />
      <main className="sheet" id="main">
        {error !== undefined ? (
          <div className="cell">
            <ErrorBox error={error} onRetry={retry} />
          </div>
        ) : value === undefined ? (
          <div className="cell skeleton-cell" aria-busy="true">
            <Skeleton width="50%" height={24} />
            {cardsExpected.map((line) => (
              <Skeleton key={line} width="100%" height={92} />
            ))}
          </div>
        ) : (
          children(value)
        )}
      </main>
    </>
  );
}

interface CardsSheetProps {
  readonly title: ReactNode;
  readonly lead: string;
  readonly tabs: Parameters<typeof Tabs>[0];
  readonly aside: ReactNode;
  readonly children: ReactNode;
}

/** A heading with the way to the cloud's analysis, tabs over cards, and what stands beside them. */
export function CardsSheet({ title, lead, tabs, aside, children }: CardsSheetProps) {
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          <p>{lead}</p>
        </div>
        <RequestAnalysis />
      </header>
      <div className="row g-side">
        <div>
          <Tabs {...tabs} />
          {children}
        </div>
        <aside>{aside}</aside>
      </div>
    </>
  );
}
